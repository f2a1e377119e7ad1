import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depthwiseConv1d } from '../../../src/engine/ops/depthwise-conv1d.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { against, checkOp } from './check-op.ts';
import { plainRun } from './plain-run.ts';

describe('depthwiseConv1d', () => {
  const cases = fc.record({
    windows: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 11 }),
    columns: fc.integer({ min: 1, max: 11 }),
    size: fc.integer({ min: 1, max: 6 }),
    dilation: fc.integer({ min: 1, max: 4 }),
    causal: fc.boolean(),
    biased: fc.boolean(),
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(cases, ({ windows, rows, columns, size, biased, ...options }) => {
        // With seed 1 the gradient of one case's bias is a difference of equals, and all rounding.
        checkOp(
          (tape) => {
            const x = tape.input([windows, rows, columns], { gradient: true });
            const weights = tape.parameter('w', [size, columns]);
            const bias = biased ? tape.parameter('b', [columns]) : undefined;
            const y = depthwiseConv1d(tape, x, weights, bias, options);
            return against(tape, [x], y);
          },
          { seed: 2 },
        );
      }),
      { numRuns: 20 },
    );
  });

  it('keeps the channels apart', () => {
    const y = plainRun((tape) => {
      const x = tape.constant([1, 3, 2], [1, 10, 2, 20, 3, 30]);
      return depthwiseConv1d(tape, x, tape.constant([3, 2], [1, 0, 1, 0, 1, 1]));
    });
    expect(y).toEqual([3, 20, 6, 30, 5, 0]);
  });

  it('refuses shapes that do not fit', () => {
    const tape = new Tape();
    const x = tape.input([2, 5, 3]);
    const w = tape.input([4, 3]);
    expect(() => depthwiseConv1d(tape, x, tape.input([3, 2]))).toThrow(
      'weights are 3x2, the input has 3 channels',
    );
    expect(() => depthwiseConv1d(tape, x, tape.input([1, 4, 3]))).toThrow('weights are 1x4x3');
    expect(() => depthwiseConv1d(tape, x, w, tape.input([4]))).toThrow(
      'there are 4 biases for 3 channels',
    );
    expect(() => depthwiseConv1d(tape, tape.input([5, 3]), w)).toThrow('it needs 3 axes');
    expect(() => depthwiseConv1d(tape, x, w, undefined, { dilation: 0 })).toThrow(
      'the dilation is 0, it must be a whole number of at least 1',
    );
  });
});
