import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { pool, poolRows } from '../../../src/engine/ops/pool.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { against, checkOp } from './check-op.ts';
import { plainRun } from './plain-run.ts';

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

const simd = await loadKernels('wasm-simd');

describe('poolRows', () => {
  const cases = fc.record({
    windows: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 9 }),
    columns: fc.integer({ min: 1, max: 11 }),
    size: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 6 }),
    kind: fc.constantFrom('max', 'mean'),
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(cases, ({ windows, more, columns, size, stride, kind }) => {
        checkOp((tape) => {
          const x = tape.input([windows, size + more, columns], { gradient: true });
          const y = poolRows(tape, x, { kind, size, stride });
          return against(tape, [x], y);
        });
      }),
      // A fixed seed: two elements of a pool that are nearly equal would have no derivative.
      { numRuns: 20, seed: 1 },
    );
  });

  it('drops the rows that fill no pool', () => {
    const pooled = (kind: 'max' | 'mean') =>
      plainRun((tape) =>
        poolRows(tape, tape.constant([1, 5, 2], [1, -1, 3, -5, 8, 0, 2, 4, 100, 100]), {
          kind,
          size: 2,
          stride: 2,
        }),
      );
    expect(pooled('max')).toEqual([3, -1, 8, 4]);
    expect(pooled('mean')).toEqual([2, -3, 5, 2]);
  });

  it.each([plainKernels, simd])(
    'gives the first of equal maxima the gradient: $name',
    (kernels) => {
      const tape = new Tape();
      const x = tape.input([1, 3, 2], { gradient: true });
      const y = poolRows(tape, x, { kind: 'max', size: 2, stride: 1 });
      const loss = meanSquaredError(tape, y, tape.constant([4], [0, 0, 0, 0]));
      const program = kernels.compile(tape, { loss });
      program.valuesOf(x).set([2, 1, 2, 3, 1, 3]);
      program.forward();
      program.backward();
      expect([...program.gradientOf(x)]).toEqual([1, 0, 1, 3, 0, 0]);
    },
  );

  it('refuses pools that do not fit', () => {
    const tape = new Tape();
    const x = tape.input([2, 3, 4]);
    const pool = (size: number, stride: number) => () =>
      poolRows(tape, x, { kind: 'max', size, stride });
    expect(pool(4, 1)).toThrow('a pool of 4 rows is longer than a window of 3');
    expect(pool(0, 1)).toThrow('the size of a pool is 0, it must be a whole number of at least 1');
    expect(pool(2, 1.5)).toThrow('the stride is 1.5, it must be a whole number of at least 1');
    expect(() => poolRows(tape, tape.input([4]), { kind: 'max', size: 1, stride: 1 })).toThrow(
      'a tensor of 4 is not a batch of windows: it needs 3 axes',
    );
  });
});
