// Every kernel against its plain twin, which computes in double precision.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ascent, DiscriminatorKernels } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { concatenated, fill, relativeError, trainStep } from './cases.ts';

const simd = await loadKernels('wasm-simd');
const relaxed = await loadKernels('wasm-relaxed');

/** Single precision against double: sums of up to 700 products. */
const TOLERANCE = 1e-5;
/** Relaxed SIMD may fuse or not, which no specification bounds; what is asked of it is to be of the same use. */
const RELAXED_TOLERANCE = 1e-4;

/**
 * A rounding that falls on a kink of LeakyReLU, on an accepted step or on a tie sends one case in some ten thousand
 * elsewhere, in every precision; so these cases are always the same.
 */
const FIXED_SEED = 2;

/** A logit is a sum of terms of both signs whose sizes sum up to about this. */
const LOGIT_SCALE = 1;

const cases = fc.record({
  inputs: fc.integer({ min: 1, max: 700 }),
  hidden1: fc.integer({ min: 1, max: 130 }),
  hidden2: fc.integer({ min: 1, max: 130 }),
  slope: fc.constantFrom(0, 0.01, 0.2, 1),
  batch: fc.integer({ min: 1, max: 33 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});
type Case = {
  inputs: number;
  hidden1: number;
  hidden2: number;
  slope: number;
  batch: number;
  seed: number;
};

function twins({
  batch,
  seed,
  ...shape
}: Case): [DiscriminatorKernels, DiscriminatorKernels, DiscriminatorKernels] {
  const make = (kernels: typeof simd) => fill(kernels.discriminator(shape, batch), seed);
  return [make(plainKernels), make(simd), make(relaxed)];
}

function expectClose(
  actual: Float32Array,
  expected: Float32Array,
  tolerance: number,
  scale = 0,
): void {
  expect(relativeError(actual, expected, scale)).toBeLessThan(tolerance);
}

describe('SIMD kernels', () => {
  it('give the logits of the plain twin', () => {
    fc.assert(
      fc.property(cases, (shape) => {
        const [plain, fast, fused] = twins(shape);
        for (const kernels of [plain, fast, fused]) kernels.forward(shape.batch);
        expectClose(fast.logits, plain.logits, TOLERANCE, LOGIT_SCALE);
        expectClose(fused.logits, plain.logits, RELAXED_TOLERANCE, LOGIT_SCALE);
      }),
      { numRuns: 25 },
    );
  });

  const ascents: readonly Ascent[] = [
    { rule: 'normalised', steps: 3, stepLength: 0.05 },
    { rule: 'adam', maxSteps: 12, learningRate: 0.01, target: 0.9, epsilon: 1e-9 },
    { rule: 'backtracking', steps: 4, firstStep: 2, anchorWeight: 3 },
  ];
  for (const ascent of ascents) {
    it(`optimise inputs like the plain twin by the ${ascent.rule} rule`, () => {
      fc.assert(
        fc.property(cases, (shape) => {
          // Slope 0 has inputs without gradient, where Adam divides noise by noise.
          const [plain, fast, fused] = twins({ ...shape, slope: shape.slope || 0.1 });
          for (const kernels of [plain, fast, fused]) kernels.ascend(shape.batch, ascent);
          expectClose(fast.z, plain.z, TOLERANCE);
          expectClose(fast.logits, plain.logits, TOLERANCE, LOGIT_SCALE);
          expectClose(fused.z, plain.z, RELAXED_TOLERANCE);
        }),
        { numRuns: 25, seed: FIXED_SEED },
      );
    });
  }

  it('train along the gradient of the plain twin', () => {
    fc.assert(
      fc.property(cases, (shape) => {
        const [plain, fast, fused] = twins(shape);
        const step = { ...trainStep, optimised: Math.min(2, shape.batch) };
        const [loss, fastLoss] = [plain, fast, fused].map((k) => k.trainStep(shape.batch, step));
        expect(fastLoss).toBeCloseTo(loss as number, 5);
        const expected = Float32Array.from(concatenated(plain.gradients));
        expectClose(Float32Array.from(concatenated(fast.gradients)), expected, TOLERANCE);
        expectClose(Float32Array.from(concatenated(fused.gradients)), expected, RELAXED_TOLERANCE);
      }),
      { numRuns: 25, seed: FIXED_SEED },
    );
  });

  it('find the neighbours of the plain twin', () => {
    const capacities = fc.record({
      inputs: fc.integer({ min: 1, max: 300 }),
      maxRows: fc.integer({ min: 1, max: 70 }),
      maxBatch: fc.integer({ min: 1, max: 5 }),
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
    });
    fc.assert(
      fc.property(capacities, ({ seed, ...sizes }) => {
        const capacity = { ...sizes, maxNeighbours: Math.min(5, sizes.maxRows) };
        const found = [plainKernels, simd].map((kernels) => {
          const neighbours = kernels.neighbours(capacity);
          const random = createRandom(seed);
          neighbours.rows.set(neighbours.rows.map(() => random.normal()));
          neighbours.x.set(neighbours.x.map(() => random.normal()));
          neighbours.search(capacity.maxBatch, capacity.maxRows, capacity.maxNeighbours);
          return neighbours;
        });
        const [plain, fast] = found as [(typeof found)[0], (typeof found)[0]];
        expectClose(fast.distances, plain.distances, TOLERANCE);
        expect(fast.indices).toEqual(plain.indices);
      }),
      { seed: FIXED_SEED },
    );
  });
});
