import { describe, expect, it } from 'vitest';
import type { DiscriminatorKernels } from '../../../src/engine/discriminator-kernels.ts';
import { plainDiscriminator } from '../../../src/engine/kernels/plain.ts';
import { concatenated, fill, smallShape, trainStep, weightNames } from './cases.ts';

type Exact = DiscriminatorKernels<Float64Array>;

function exact(seed: number, batch: number): Exact {
  return fill(plainDiscriminator(smallShape, batch, Float64Array), seed);
}

/** The network as the paper draws it, written again without any of the engine's products. */
function logitByHand({ shape, weights }: Exact, x: readonly number[]): number {
  const layer = (w: Float64Array, b: Float64Array, input: readonly number[]) =>
    Array.from(b, (bias, o) =>
      input.reduce((sum, value, i) => sum + (w[o * input.length + i] as number) * value, bias),
    );
  const leaky = (value: number) => (value > 0 ? value : shape.slope * value);
  const hidden1 = layer(weights.w1, weights.b1, x).map(leaky);
  const hidden2 = layer(weights.w2, weights.b2, hidden1).map(leaky);
  return layer(weights.w3, weights.b3, hidden2)[0] as number;
}

function gradientByDifferences(of: (x: readonly number[]) => number, x: readonly number[]) {
  const step = 1e-6;
  return x.map((_, i) => {
    const moved = (by: number) => of(x.map((value, j) => (j === i ? value + by : value)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

function rowOf(values: Float64Array, row: number): number[] {
  return [...values.subarray(row * smallShape.inputs, (row + 1) * smallShape.inputs)];
}

describe('plain discriminator', () => {
  it('gives the logits of the network', () => {
    const kernels = exact(1, 5);
    kernels.forward(5);
    for (let row = 0; row < 5; row++) {
      expect(kernels.logits[row]).toBeCloseTo(logitByHand(kernels, rowOf(kernels.x, row)), 12);
    }
  });

  it('steps along the direction of the input gradient', () => {
    const kernels = exact(2, 1);
    const start = rowOf(kernels.z, 0);
    const gradient = gradientByDifferences((x) => logitByHand(kernels, x), start);
    const norm = Math.hypot(...gradient);
    kernels.ascend(1, { rule: 'normalised', steps: 1, stepLength: 0.25 });
    rowOf(kernels.z, 0).forEach((value, j) => {
      expect(value).toBeCloseTo((start[j] as number) + (0.25 * (gradient[j] as number)) / norm, 8);
    });
  });

  it('trains along the gradient of loss and penalty', () => {
    const batch = 6;
    const kernels = exact(3, batch);
    const step = { ...trainStep, optimised: 0 };
    const before = concatenated(kernels.weights);
    kernels.trainStep(batch, step);
    const gradient = concatenated(kernels.gradients);
    const other = exact(3, batch);
    const at = 1e-5;
    let worst = 0;
    gradient.forEach((g, i) => {
      const moved = (by: number) => lossByHand(withWeights(other, before, i, by), batch);
      const difference = (moved(at) - moved(-at)) / (2 * at);
      worst = Math.max(worst, Math.abs(difference - g));
    });
    expect(worst).toBeLessThan(1e-6);
    expect(Math.max(...gradient)).toBeGreaterThan(0.01);
  });

  it('returns both cross-entropies without the penalty', () => {
    const kernels = exact(4, 4);
    const other = exact(4, 4);
    const loss = kernels.trainStep(4, { ...trainStep, optimised: 0 });
    expect(loss).toBeCloseTo(crossEntropiesByHand(other, 4), 12);
  });

  it('moves the weights by Adam', () => {
    const kernels = exact(5, 4);
    const expected = concatenated(kernels.weights);
    const mean = expected.map(() => 0);
    const square = expected.map(() => 0);
    for (let t = 1; t <= 5; t++) {
      kernels.trainStep(4, trainStep);
      concatenated(kernels.gradients).forEach((raw, i) => {
        const weight = expected[i] as number;
        const g = raw + trainStep.weightDecay * weight;
        const m = 0.9 * (mean[i] as number) + 0.1 * g;
        const v = 0.999 * (square[i] as number) + 0.001 * g * g;
        mean[i] = m;
        square[i] = v;
        const root = Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8;
        expected[i] = weight - (trainStep.learningRate * (m / (1 - 0.9 ** t))) / root;
      });
    }
    const actual = concatenated(kernels.weights);
    expect(Math.max(...actual.map((w, i) => Math.abs(w - (expected[i] as number))))).toBeLessThan(
      1e-12,
    );
  });
});

function withWeights(kernels: Exact, values: Float64Array, index: number, by: number): Exact {
  let at = 0;
  for (const name of weightNames) {
    const view = kernels.weights[name];
    view.set(values.subarray(at, at + view.length));
    if (index >= at && index < at + view.length) view[index - at] = (values[index] as number) + by;
    at += view.length;
  }
  return kernels;
}

function crossEntropiesByHand(kernels: Exact, batch: number): number {
  let sum = 0;
  for (let row = 0; row < batch; row++) {
    const real = logitByHand(kernels, rowOf(kernels.x, row));
    const fake = logitByHand(kernels, rowOf(kernels.z, row));
    sum += Math.log(1 + Math.exp(real)) - trainStep.realLabel * real;
    sum += Math.log(1 + Math.exp(fake)) - trainStep.fakeLabel * fake;
  }
  return sum / batch;
}

function lossByHand(kernels: Exact, batch: number): number {
  let penalty = 0;
  for (let row = 0; row < batch; row++) {
    const gradient = gradientByDifferences((x) => logitByHand(kernels, x), rowOf(kernels.x, row));
    penalty += gradient.reduce((sum, g) => sum + g * g, 0);
  }
  return crossEntropiesByHand(kernels, batch) + (trainStep.gradientPenalty * penalty) / batch;
}
