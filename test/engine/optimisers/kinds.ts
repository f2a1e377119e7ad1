import { adahessian } from '../../../src/engine/optimisers/adahessian.ts';
import { adam, adamw } from '../../../src/engine/optimisers/adam.ts';
import type { Differentiable } from '../../../src/engine/optimisers/differentiable.ts';
import type { Optimiser } from '../../../src/engine/optimisers/optimiser.ts';
import { sgd } from '../../../src/engine/optimisers/sgd.ts';

/** Every kind, with and without what it may do beside. */
export const kinds: Readonly<
  Record<string, (target: Differentiable, weightDecay?: number) => Optimiser>
> = {
  sgd: (target, weightDecay = 0) => sgd(target, { rate: 1e-3, weightDecay }),
  'sgd with momentum': (target, weightDecay = 0) =>
    sgd(target, { rate: 1e-3, momentum: 0.9, nesterov: true, weightDecay }),
  adam: (target, weightDecay = 0) => adam(target, { rate: 0.01, weightDecay }),
  adamw: (target, weightDecay = 0) => adamw(target, { rate: 0.01, weightDecay }),
  adahessian: (target, weightDecay = 0) =>
    adahessian(target, { rate: 0.05, weightDecay, seed: 3, spatialAverage: true }),
};
