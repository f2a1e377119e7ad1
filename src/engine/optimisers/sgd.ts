// Gradient descent with momentum, as PyTorch's SGD without dampening.
//
// Notation   w weights, g gradient + weightDecay w, u velocity, mu momentum
//            u <- mu u + g;   w <- w - rate u,   nesterov: w <- w - rate (g + mu u)
import {
  type Optimiser,
  requireOptions,
  requireSameLength,
  savedState,
  type Trainable,
} from './optimiser.ts';

export interface SgdOptions {
  readonly rate: number;
  /** In [0, 1). */
  readonly momentum?: number;
  /** Looks ahead along the velocity; does nothing without momentum. */
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

export function sgd(target: Trainable, options: SgdOptions): Optimiser {
  const { rate: usual, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  requireSameLength(target);
  requireOptions({ rate: usual, weightDecay }, 0, Number.POSITIVE_INFINITY);
  requireOptions({ momentum }, 0, 1);
  const { weights, gradients } = target;
  const velocity = new Float64Array(momentum > 0 ? weights.length : 0);
  return {
    ...savedState({ velocity }),
    step(rate = usual) {
      for (let i = 0; i < weights.length; i++) {
        const w = weights[i] as number;
        const g = (gradients[i] as number) + weightDecay * w;
        let direction = g;
        if (momentum > 0) {
          const u = momentum * (velocity[i] as number) + g;
          velocity[i] = u;
          direction = nesterov ? g + momentum * u : u;
        }
        weights[i] = w - rate * direction;
      }
    },
  };
}
