import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dynamicConv } from '../../../src/engine/ops/dynamic-conv.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { against, checkOp } from './check-op.ts';
import { plainRun } from './plain-run.ts';

describe('dynamicConv', () => {
  const cases = fc.record({
    windows: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 9 }),
    heads: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 13 }),
    causal: fc.boolean(),
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(cases, ({ windows, rows, heads, width, size, causal }) => {
        checkOp((tape) => {
          const values = tape.input([windows, rows, heads * width], { gradient: true });
          const kernels = tape.input([windows, rows, heads * size], { gradient: true });
          const y = dynamicConv(tape, values, kernels, { heads, size, causal });
          return against(tape, [values, kernels], y);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('is a mean of the neighbours where a kernel prefers none, zeros beyond the ends', () => {
    const mean = (causal: boolean) =>
      plainRun((tape) => {
        const values = tape.constant([1, 4, 2], [3, 0, 6, 3, 9, 0, 30, 3]);
        const kernels = tape.constant([1, 4, 3], new Float64Array(12).fill(0.7));
        return dynamicConv(tape, values, kernels, { heads: 1, size: 3, causal });
      }).map((value) => Number(value.toFixed(9)));
    expect(mean(false)).toEqual([3, 1, 6, 1, 15, 2, 13, 1]);
    expect(mean(true)).toEqual([1, 0, 3, 1, 6, 1, 15, 2]);
  });

  it('refuses shapes that do not fit', () => {
    const tape = new Tape();
    const values = tape.input([2, 5, 6]);
    const conv = (shape: readonly number[], heads: number, size: number) => () =>
      dynamicConv(tape, values, tape.input(shape), { heads, size });
    expect(conv([2, 5, 9], 2, 5)).toThrow('the kernels are 2x5x9, they must be 2x5x10');
    expect(conv([2, 5, 20], 4, 5)).toThrow('6 columns cannot be shared by 4 heads');
    expect(conv([2, 5, 0], 2, 0)).toThrow('the size of a kernel is 0');
  });
});
