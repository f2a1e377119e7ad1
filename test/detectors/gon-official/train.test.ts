import { describe, expect, it } from 'vitest';
import {
  movedNewest,
  officialAscent,
  officialShape,
} from '../../../src/detectors/gon-official/gon-official.ts';
import { trainOfficial } from '../../../src/detectors/gon-official/train.ts';
import { plainDiscriminator } from '../../../src/engine/kernels/plain.ts';
import golden from '../../golden/gon-official.json' with { type: 'json' };

type Weights = typeof golden.initial;
const parts = ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'] as const;
const LENGTH = 15;

function discriminatorWith(weights: Weights) {
  const kernels = plainDiscriminator(officialShape(golden.channels), 1, Float64Array);
  for (const part of parts) kernels.weights[part].set(weights[part]);
  return kernels;
}

/** Largest difference, relative where the expected value is above 1. */
function distance(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce(
    (worst, value, i) =>
      Math.max(worst, Math.abs((found[i] as number) - value) / Math.max(1, Math.abs(value))),
    0,
  );
}

/** Window i of upstream holds rows i-15 .. i-1. */
function windowBefore(row: number): number[] {
  return golden.series.slice((row - LENGTH) * golden.channels, row * golden.channels);
}

describe('official GON against PyTorch', () => {
  for (const [name, weights, expected] of [
    ['untrained', golden.initial, golden.untrained],
    ['trained', golden.trained, golden.scores],
  ] as const) {
    it(`optimises windows and scores them with ${name} weights`, () => {
      const kernels = discriminatorWith(weights);
      const [first = 0] = golden.scoredWindows;
      for (const [i, { z, value }] of expected.entries()) {
        kernels.x.set(windowBefore(first + i));
        kernels.z.set(kernels.x);
        kernels.ascend(1, officialAscent(1e-4));
        expect(distance(kernels.z, z)).toBeLessThan(golden.tolerance.ascent);
        expect(Math.abs(movedNewest(kernels) - value)).toBeLessThan(golden.tolerance.ascent);
      }
    });
  }

  it('trains to the same losses and weights', async () => {
    const kernels = discriminatorWith(golden.initial);
    const rows = Float64Array.from(golden.series);
    const options = { epochs: golden.epochs, learningRate: 5e-4 };
    const losses = await trainOfficial(kernels, rows, golden.channels, options, {
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    expect(distance(losses, golden.losses)).toBeLessThan(golden.tolerance.training);
    for (const part of parts) {
      expect(distance(kernels.weights[part], golden.trained[part])).toBeLessThan(
        golden.tolerance.training,
      );
    }
  });
});
