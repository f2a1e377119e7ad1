import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linear } from '../../../src/engine/ops/linear.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { checkOp } from './check-op.ts';

describe('linear', () => {
  it('has the gradients of central differences, and the kernels agree', () => {
    const sizes = fc.integer({ min: 1, max: 37 });
    const cases = fc.record({ rows: sizes, inner: sizes, columns: sizes, bias: fc.boolean() });
    fc.assert(
      fc.property(cases, ({ rows, inner, columns, bias }) => {
        checkOp((tape) => {
          const x = tape.input([rows, inner], { gradient: true });
          const weights = tape.parameter('w', [inner, columns]);
          const y = linear(tape, x, weights, bias ? tape.parameter('b', [columns]) : undefined);
          const target = tape.input([rows, columns]);
          return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
        });
      }),
      { numRuns: 15 },
    );
  });

  it('keeps the axes in front of the last', () => {
    const tape = new Tape();
    const y = linear(tape, tape.input([2, 3, 4]), tape.parameter('w', [4, 5]));
    expect(y.shape).toEqual([2, 3, 5]);
  });

  it('refuses weights of another height', () => {
    const tape = new Tape();
    expect(() => linear(tape, tape.input([2, 3]), tape.parameter('w', [4, 5]))).toThrow(
      'weights are 4x5, the input has 3 columns',
    );
  });
});
