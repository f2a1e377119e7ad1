import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanSquaredError } from '../../../src/engine/ops/mean-squared-error.ts';
import { pool } from '../../../src/engine/ops/pool.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { checkOp } from './check-op.ts';

const size = fc.integer({ min: 1, max: 13 });
const shapes = fc.record({ windows: fc.integer({ min: 1, max: 4 }), rows: size, columns: size });

describe.each(['mean', 'max'] as const)('pool %s', (kind) => {
  it('computes what PyTorch computes', () => {
    checkGolden(`pool-${kind}`, (tape, [x]) => pool(tape, x as Tensor, kind));
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(shapes, ({ windows, rows, columns }) => {
        checkOp((tape) => {
          const x = tape.input([windows, rows, columns], { gradient: true });
          const y = pool(tape, x, kind);
          const target = tape.input([windows, columns]);
          return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
        });
      }),
      { numRuns: 8 },
    );
  });

  it('refuses what is no batch of windows', () => {
    const tape = new Tape();
    expect(() => pool(tape, tape.input([4, 5]), kind)).toThrow(RangeError);
  });
});
