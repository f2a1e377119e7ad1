import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { createNaturalParameterNetwork } from '../../../../src/engine/regression/heteroscedastic/gaussian-learner.ts';
import { branched } from '../../../../src/engine/regression/heteroscedastic/layers.ts';
import { createPerceptron } from '../../../../src/engine/regression/heteroscedastic/perceptron.ts';
import { mean, standardDeviation } from '../../../../src/engine/statistics.ts';

/** Not a multiple of the rows that are gone through at a time. */
const ROWS = 5;
const shapes = [
  ['one input', branched([5], [], [6, 4])],
  ['two branches', branched([3, 2], [5, 4], [6])],
] as const;

function normals(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
}

/** Greatest distance of `gradient` from central differences of `f` by `values`. */
function worst(f: () => number, values: Float64Array, gradient: Float64Array): number {
  const step = 1e-5;
  return values.reduce((most, value, i) => {
    values[i] = value + step;
    const above = f();
    values[i] = value - step;
    const below = f();
    values[i] = value;
    return Math.max(most, Math.abs((above - below) / (2 * step) - (gradient[i] as number)));
  }, 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

describe.each(shapes)('networks with %s', (_, shape) => {
  it.each(['softplus', 'identity'] as const)('have the gradients of differences, %s', (ending) => {
    const network = createPerceptron(shape, ending, 1, createRandom(1));
    const [x, d] = [normals(ROWS * 5, 2), normals(ROWS, 3)];
    const masks = network.hidden.map((width, i) => normals(ROWS * width, 4 + i));
    const f = () => dot(d, network.forward(x, ROWS, masks));
    f();
    network.backward(d);
    const byInput = network.backwardToInput(d).slice();
    expect(
      worst(f, network.weights as Float64Array, network.gradients as Float64Array),
    ).toBeLessThan(1e-8);
    expect(worst(f, x, byInput)).toBeLessThan(1e-8);
  });

  it('of uncertain weights have the gradients of differences', () => {
    const network = createNaturalParameterNetwork(shape, createRandom(1));
    const [x, dMean, dVariance] = [normals(ROWS * 5, 2), normals(ROWS, 3), normals(ROWS, 4)];
    const f = () => {
      network.refresh();
      const { mean, variance } = network.forward(x, ROWS);
      return dot(dMean, mean) + dot(dVariance, variance);
    };
    f();
    const d = { mean: dMean, variance: dVariance };
    network.backward(d);
    const byInput = network.backwardToInput(d).slice();
    expect(
      worst(f, network.weights as Float64Array, network.gradients as Float64Array),
    ).toBeLessThan(1e-6);
    expect(worst(f, x, byInput)).toBeLessThan(1e-6);
  });
});

describe('natural-parameter network', () => {
  it('has the mean and variance of ordinary networks drawn from its weights', () => {
    const [inputs, width] = [4, 24];
    const network = createNaturalParameterNetwork(branched([inputs], [], [width]), createRandom(1));
    const size = network.weights.length / 2;
    network.weights.fill(-2, size);
    network.refresh();
    const x = normals(inputs, 2);
    const { mean: m, variance: s } = network.forward(x, 1);
    const [expected, spread] = [m[0] as number, Math.sqrt(s[0] as number)];
    const deviation = Math.sqrt(Math.log1p(Math.exp(-2)));
    const random = createRandom(3);
    const drawn = new Float64Array(size);
    // Weights lie before biases, those of the hidden layer first: layers.ts.
    const sample = () => {
      for (let i = 0; i < size; i++) {
        drawn[i] = (network.weights[i] as number) + deviation * random.normal();
      }
      const biases = (inputs + 1) * width;
      let out = drawn[size - 1] as number;
      for (let h = 0; h < width; h++) {
        const z =
          dot(drawn.subarray(h * inputs, (h + 1) * inputs), x) + (drawn[biases + h] as number);
        out += Math.max(z, 0) * (drawn[inputs * width + h] as number);
      }
      return 1 / (1 + Math.exp(-out));
    };
    // Off by 0.6 % in the deviation; the output before its logistic end is nearly, not quite normal.
    const samples = Float64Array.from({ length: 15_000 }, sample);
    expect(Math.abs(expected / mean(samples) - 1)).toBeLessThan(0.02);
    expect(Math.abs(spread / standardDeviation(samples) - 1)).toBeLessThan(0.02);
  });

  it('refuses layers that do not fit', () => {
    expect(() => createPerceptron([[[3, 4]], [[5, 1]]], 'identity', 1, createRandom(1))).toThrow(
      'layer 1 reads 5 of 4 values',
    );
  });
});
