import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { softmax } from '../../../src/engine/ops/softmax.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { against, checkOp } from './check-op.ts';

const simd = await loadKernels('wasm-simd');
const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 37 }),
});

describe('softmax', () => {
  it('computes what PyTorch computes', () => {
    checkGolden('softmax', (tape, [x]) => softmax(tape, x as Tensor));
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns }) => {
        checkOp((tape) => {
          const x = tape.input([2, rows, columns], { gradient: true });
          const y = softmax(tape, x);
          return against(tape, [x], y);
        });
      }),
      { numRuns: 10 },
    );
  });

  it('makes rows of shares that sum to 1, however far the numbers are from 0', () => {
    const cases = fc.record({
      sizes,
      offset: fc.constantFrom(-3e4, 0, 3e4),
      spread: fc.constantFrom(1, 50),
    });
    fc.assert(
      fc.property(
        cases,
        fc.infiniteStream(fc.float({ min: -1, max: 1, noNaN: true })),
        (shape, draws) => {
          const { rows, columns } = shape.sizes;
          const tape = new Tape();
          const x = tape.input([rows, columns]);
          const y = softmax(tape, x);
          const program = simd.compile(tape, { outputs: [x, y] });
          program.valuesOf(x).forEach((_, i, cells) => {
            cells[i] = shape.offset + shape.spread * (draws.next().value as number);
          });
          program.forward();
          const shares = program.valuesOf(y);
          for (let i = 0; i < rows; i++) {
            const row = shares.subarray(i * columns, (i + 1) * columns);
            expect(row.every((share) => share >= 0 && share <= 1 + 1e-6)).toBe(true);
            expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
