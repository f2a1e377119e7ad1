// Adam with the curvature in place of the squared gradient. Yao et al. 2021, "ADAHESSIAN: an adaptive second order
// optimizer for machine learning", and the authors' code. Departs from it: products with the Hessian come from
// hessianVector, and the probes have their own random stream, which is saved with the state.
//
// Notation   w weights, g gradient, z a probe of +1 and -1, d = |H z|, whose square is on average the square of the
//            Hessian's diagonal plus those of the rest of its row; m and v moving averages of g and d^2
//            w <- w - rate (m^ / (v^^(power/2) + epsilon) + weightDecay w),   ^ = divided by 1 - decay^t

import type { Floats } from '../floats.ts';
import { createRandom, resumeRandom } from '../random.ts';
import { sizeOf } from '../tape/tensor.ts';
import type { Differentiable, Part } from './differentiable.ts';
import { type Optimiser, requireOptions, requireSameLength, savedState } from './optimiser.ts';

interface AdahessianOptions {
  readonly rate?: number;
  /** Of the moving averages, in [0, 1). */
  readonly meanDecay?: number;
  readonly squareDecay?: number;
  readonly epsilon?: number;
  /** Decoupled. */
  readonly weightDecay?: number;
  /** In [0, 1]: 1 divides by the curvature, 0 by nothing. Other powers than 0, 1/2 and 1 depend on Math.pow's last bit. */
  readonly power?: number;
  /** Averages d over the first axis of parts of two and more: the inputs of a matrix's column, the taps of a kernel. */
  readonly spatialAverage?: boolean;
  readonly seed: number;
}

/** A step computes two gradients in addition to the current one. */
export function adahessian(target: Differentiable, options: AdahessianOptions): Optimiser {
  const { rate: usual, meanDecay, squareDecay, epsilon, weightDecay, power } = checked(options);
  requireSameLength(target);
  const { weights, gradients } = target;
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  const powers = Float64Array.of(1, 1);
  const curvatures = curvatureProbe(target, options);
  return {
    ...savedState({ mean, square, powers, words: curvatures.words }),
    step(rate = usual) {
      const d = curvatures.probe();
      powers[0] = (powers[0] as number) * meanDecay;
      powers[1] = (powers[1] as number) * squareDecay;
      const [meanCorrection, squareCorrection] = [1 - powers[0], 1 - powers[1]];
      for (let i = 0; i < weights.length; i++) {
        const w = weights[i] as number;
        const m = meanDecay * (mean[i] as number) + (1 - meanDecay) * (gradients[i] as number);
        const v = squareDecay * (square[i] as number) + (1 - squareDecay) * (d[i] as number) ** 2;
        mean[i] = m;
        square[i] = v;
        const curvature = raised(Math.sqrt(v / squareCorrection), power) + epsilon;
        weights[i] = w - rate * (m / meanCorrection / curvature + weightDecay * w);
      }
    },
  };
}

/** Defaults of the authors' code. */
function checked(options: AdahessianOptions) {
  const { rate = 0.15, meanDecay = 0.9, squareDecay = 0.999, epsilon = 1e-4 } = options;
  const { weightDecay = 0, power = 1 } = options;
  requireOptions({ rate, epsilon, weightDecay }, 0, Number.POSITIVE_INFINITY);
  requireOptions({ meanDecay, squareDecay }, 0, 1);
  if (!(power >= 0 && power <= 1)) throw new RangeError(`power is ${power}, must be 0 to 1`);
  return { rate, meanDecay, squareDecay, epsilon, weightDecay, power };
}

/** `probe` returns |H z| of a new z; valid until the next call. `words` is the state of its random stream. */
function curvatureProbe(
  target: Differentiable,
  { seed, spatialAverage = false }: AdahessianOptions,
): { probe(): Float64Array; words: Float64Array } {
  const size = target.weights.length;
  const parts = target.parts ?? [{ from: 0, shape: [size] }];
  const multiply = hessianVector(target);
  const [z, d] = [new Float64Array(size), new Float64Array(size)];
  const words = Float64Array.from(createRandom(seed).state().words);
  const probe = (): Float64Array => {
    drawSigns(z, parts, words);
    multiply(z, d);
    for (let i = 0; i < size; i++) d[i] = Math.abs(d[i] as number);
    if (spatialAverage) for (const part of parts) averageOverFirstAxis(d, part);
    return d;
  };
  return { probe, words };
}

/** Continues the random stream from `words` and writes its new state back. */
function drawSigns(z: Float64Array, parts: readonly Part[], words: Float64Array): void {
  const random = resumeRandom({ words: [...words] });
  for (const { from, shape } of parts) {
    const end = from + sizeOf(shape);
    for (let i = from; i < end; i++) z[i] = 2 * random.integer(2) - 1;
  }
  words.set(random.state().words);
}

function raised(curvature: number, power: number): number {
  if (power === 1) return curvature;
  if (power === 0.5) return Math.sqrt(curvature);
  return curvature ** power;
}

// Products of the Hessian with vectors, by central differences of exact gradients: H v = (g(w + e v) - g(w - e v)) / 2e.
//
// Departs from automatic differentiation, which would need a second backward pass for every operation: two more gradients
// suffice, on any engine. No weight changes by more than a step times the greatest weight, or times 1 if that is more.
// Error, relative and in the mean square, on networks of two hidden layers with weights of 0.3 to 3 times their usual
// size (test/engine/optimisers/adahessian.test.ts): below 1e-3 in single precision and 1e-8 in double. It is greatest for
// small curvatures, where a difference of gradients is mostly rounding error.

/** Writes H v at the current weights into `product`; weights and gradients are unchanged afterwards. */
type HessianVector = (vector: Float64Array, product: Float64Array) => void;

/** About the cube root of the unit of each precision, where rounding and truncation errors are equal. */
const SINGLE_STEP = 2 ** -9;
const DOUBLE_STEP = 2 ** -18;

/** The returned function allocates nothing, and computes two gradients. */
export function hessianVector({ weights, gradients, gradient }: Differentiable): HessianVector {
  const relativeStep = weights instanceof Float32Array ? SINGLE_STEP : DOUBLE_STEP;
  const keptWeights = weights.slice();
  const keptGradients = gradients.slice();

  const gradientBeside = (vector: Float64Array, step: number): void => {
    for (let i = 0; i < weights.length; i++) {
      weights[i] = (keptWeights[i] as number) + step * (vector[i] as number);
    }
    gradient();
  };

  return (vector, product) => {
    const longest = greatest(vector);
    product.fill(0);
    if (longest === 0) return;
    const step = (relativeStep * Math.max(1, greatest(weights))) / longest;
    keptWeights.set(weights);
    keptGradients.set(gradients);
    gradientBeside(vector, step);
    product.set(gradients);
    gradientBeside(vector, -step);
    for (let i = 0; i < product.length; i++) {
      product[i] = ((product[i] as number) - (gradients[i] as number)) / (2 * step);
    }
    weights.set(keptWeights);
    gradients.set(keptGradients);
  };
}

function greatest(values: Floats): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] as number));
  return most;
}

// AdaHessian's spatial averaging: neighbouring curvatures are replaced by their mean, which is less noisy.

/**
 * In place, over the first axis: (in, out) for each output, (taps, in, out) for each pair. The same
 * elements as the authors' code averages in PyTorch's layouts, (out, in) and (out, in, taps). Vectors are unchanged.
 */
export function averageOverFirstAxis(values: Float64Array, { from, shape }: Part): void {
  const [length = 0, ...rest] = shape;
  if (rest.length === 0) return;
  const width = sizeOf(rest);
  for (let j = from; j < from + width; j++) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += values[j + i * width] as number;
    for (let i = 0; i < length; i++) values[j + i * width] = sum / length;
  }
}
