import { describe, expect, it } from 'vitest';
import {
  prunedWeights,
  randomKernels,
  topKernels,
} from '../../scripts/compression/dynatran-rivals.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { linear } from '../../src/engine/ops/linear.ts';
import { Tape } from '../../src/engine/tape/tape.ts';

const kernels = await loadKernels('wasm-simd');

/** What a product with the unit matrix leaves of these rows, and what it counts. */
function kept(by: Kernels, rows: readonly (readonly number[])[], share: number) {
  const width = rows[0]?.length ?? 0;
  const tape = new Tape();
  const x = tape.input([1, rows.length, width]);
  const unit = tape.constant(
    [width, width],
    Array.from({ length: width ** 2 }, (_, i) => Number(i % (width + 1) === 0)),
  );
  const pruning = { form: 'elements', threshold: share } as const;
  const y = linear(tape, x, unit, undefined, { pruning });
  const counter = { issued: 0, skipped: 0 };
  const program = by.compile(tape, { outputs: [x, y], counter });
  program.valuesOf(x).set(rows.flat());
  program.forward();
  expect([...program.valuesOf(x)]).toEqual(rows.flat());
  return { values: [...program.valuesOf(y)], ...counter };
}

describe('rivals of DynaTran', () => {
  it('keep the greatest of each row, the first of equals', () => {
    const found = kept(
      topKernels(kernels),
      [
        [1, -5, 3, 4],
        [2, 2, 2, 2],
      ],
      0.5,
    );
    expect(found.values).toEqual([0, -5, 0, 4, 2, 2, 0, 0]);
    expect(found).toMatchObject({ issued: 16, skipped: 16 });
    expect(kept(topKernels(kernels), [[1, -5, 3, 4]], 1).values).toEqual([0, 0, 0, 0]);
  });

  it('leave elements out by chance, the same ones for the same seed', () => {
    const rows = Array.from({ length: 50 }, () => Array.from({ length: 20 }, () => 1));
    const run = (seed: number) => kept(randomKernels(kernels, seed), rows, 0.3);
    const { values, issued, skipped } = run(1);
    const share = values.filter((value) => value === 0).length / values.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.06);
    expect(skipped / (issued + skipped)).toBeCloseTo(share, 9);
    expect(run(1).values).toEqual(values);
    expect(run(2).values).not.toEqual(values);
  });

  it('leave small weights out', () => {
    const weights = { shape: [5], data: Float32Array.of(3, -1, 0.5, -4, 2) };
    expect([...prunedWeights(weights, 0.4).data]).toEqual([3, 0, 0, -4, 2]);
    expect([...prunedWeights(weights, 1).data]).toEqual([0, 0, 0, 0, 0]);
    expect(prunedWeights(weights, 0).data).toEqual(weights.data);
  });
});
