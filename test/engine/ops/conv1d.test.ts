import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conv1d } from '../../../src/engine/ops/conv1d.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { against, checkOp } from './check-op.ts';
import { plainRun } from './plain-run.ts';

describe('conv1d', () => {
  const cases = fc.record({
    windows: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 11 }),
    inner: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 18 }),
    size: fc.integer({ min: 1, max: 5 }),
    dilation: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    causal: fc.boolean(),
    biased: fc.boolean(),
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(cases, ({ windows, rows, inner, columns, size, biased, ...options }) => {
        checkOp((tape) => {
          const x = tape.input([windows, rows, inner], { gradient: true });
          const weights = tape.parameter('w', [size, inner, columns]);
          const bias = biased ? tape.parameter('b', [columns]) : undefined;
          const y = conv1d(tape, x, weights, bias, options);
          return against(tape, [x], y);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('keeps as many rows as there are, looking both ways or back only', () => {
    const summed = (causal: boolean, stride = 1) =>
      plainRun((tape) => {
        const x = tape.constant([1, 5, 1], [1, 2, 4, 8, 16]);
        return conv1d(tape, x, tape.constant([3, 1, 1], [1, 1, 1]), undefined, { causal, stride });
      });
    expect(summed(false)).toEqual([3, 7, 14, 28, 24]);
    expect(summed(true)).toEqual([1, 3, 7, 14, 28]);
    expect(summed(false, 2)).toEqual([3, 14, 24]);
  });

  it('is its bias where no tap sees a row', () => {
    const y = plainRun((tape) => {
      const x = tape.constant([1, 1, 1], [5]);
      const weights = tape.constant([2, 1, 2], [1, 2, 3, 4]);
      return conv1d(tape, x, weights, tape.constant([2], [0.5, -1]), { dilation: 2 });
    });
    expect(y).toEqual([0.5, -1]);
  });

  it('refuses shapes that do not fit', () => {
    const tape = new Tape();
    const x = tape.input([2, 5, 3]);
    const w = tape.input([3, 3, 4]);
    expect(() => conv1d(tape, x, tape.input([3, 2, 4]))).toThrow(
      'weights are 3x2x4, the input has 3 channels',
    );
    expect(() => conv1d(tape, x, tape.input([3, 4]))).toThrow('it needs 3 axes');
    expect(() => conv1d(tape, x, w, tape.input([3]))).toThrow('there are 3 biases for 4 channels');
    expect(() => conv1d(tape, x, w, undefined, { stride: 0 })).toThrow(
      'the stride is 0, it must be a whole number of at least 1',
    );
    expect(() => conv1d(tape, x, w, undefined, { dilation: 1.5 })).toThrow('the dilation is 1.5');
  });
});
