// Adam with the curvature in place of the squared gradient. Yao et al. 2021, "ADAHESSIAN: an adaptive second order
// optimizer for machine learning", and the authors' code. Departs from it: products with the Hessian come from
// hessian-vector.ts, and the probes of a step from a stream of its own, which is saved with the state.
//
// Notation   w weights, g gradient, z a probe of +1 and -1, d = |H z|, whose square is on average the square of the
//            Hessian's diagonal plus those of the rest of its row; m and v moving averages of g and d^2
//            w <- w - rate (m^ / (v^^(power/2) + epsilon) + weightDecay w),   ^ = divided by 1 - decay^t
import { createRandom, resumeRandom } from '../random.ts';
import { sizeOf } from '../tape/tensor.ts';
import type { Differentiable, Part } from './differentiable.ts';
import { hessianVector } from './hessian-vector.ts';
import { type Optimiser, requireOptions, requireSameLength } from './optimiser.ts';
import { savedState } from './saved-state.ts';
import { averageOverFirstAxis } from './spatial-average.ts';

export interface AdahessianOptions {
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

/** A step asks for two gradients beside the one that was there before it. */
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

/** `probe` returns |H z| of a new z; borrowed until the next. `words` is the state of the stream it draws from. */
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

/** Goes on from `words` and back into them, so that restoring these is all it takes. */
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
