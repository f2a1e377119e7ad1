// Adam and AdamW. Kingma and Ba 2015, "Adam: a method for stochastic optimization", Alg. 1; Loshchilov and Hutter 2019,
// "Decoupled weight decay regularization". The placement of epsilon and decay is PyTorch's.
//
// Notation   w weights, g gradient, m and v moving averages of g and g^2
//            w <- w - rate m^ / (sqrt(v^) + epsilon), ^ = divided by 1 - decay^t
import {
  type Optimiser,
  requireOptions,
  requireSameLength,
  savedState,
  type Trainable,
} from './optimiser.ts';

export interface AdamOptions {
  readonly rate?: number;
  /** Of the moving averages, in [0, 1). */
  readonly meanDecay?: number;
  readonly squareDecay?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

/** Weight decay is added to the gradient, and so is scaled like the gradient. */
export function adam(target: Trainable, options: AdamOptions = {}): Optimiser {
  return createAdam(target, options, 'in gradient');
}

/** Weights shrink by the share `rate * weightDecay` per step, independent of the gradient; PyTorch's default is 0.01. */
export function adamw(target: Trainable, options: AdamOptions = {}): Optimiser {
  return createAdam(target, { weightDecay: 0.01, ...options }, 'decoupled');
}

function createAdam(
  target: Trainable,
  options: AdamOptions,
  decay: 'in gradient' | 'decoupled',
): Optimiser {
  const {
    rate: usual = 1e-3,
    meanDecay = 0.9,
    squareDecay = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
  } = options;
  requireSameLength(target);
  requireOptions({ rate: usual, epsilon, weightDecay }, 0, Number.POSITIVE_INFINITY);
  requireOptions({ meanDecay, squareDecay }, 0, 1);
  const { weights, gradients } = target;
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  // The decays to the power of the number of steps.
  const powers = Float64Array.of(1, 1);
  const added = decay === 'decoupled' ? 0 : weightDecay;
  const shrinking = decay === 'decoupled' ? weightDecay : 0;
  return {
    ...savedState({ mean, square, powers }),
    step(rate = usual) {
      powers[0] = (powers[0] as number) * meanDecay;
      powers[1] = (powers[1] as number) * squareDecay;
      const stepLength = rate / (1 - powers[0]);
      const rootCorrection = Math.sqrt(1 - powers[1]);
      const kept = 1 - rate * shrinking;
      for (let i = 0; i < weights.length; i++) {
        const w = weights[i] as number;
        const g = (gradients[i] as number) + added * w;
        const m = meanDecay * (mean[i] as number) + (1 - meanDecay) * g;
        const v = squareDecay * (square[i] as number) + (1 - squareDecay) * g * g;
        mean[i] = m;
        square[i] = v;
        weights[i] = kept * w - (stepLength * m) / (Math.sqrt(v) / rootCorrection + epsilon);
      }
    },
  };
}
