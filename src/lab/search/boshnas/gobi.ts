// Gradient-based optimisation by backpropagation to the input: a trained network's input is moved until its output is
// best. Tuli et al. 2021, "COSCO: container orchestration using co-simulation and gradient based optimization for fog
// computing environments"; with curvature as in BOSHNAS.
import type { Floats } from '../../../engine/floats.ts';
import { adahessian } from '../../../engine/optimisers/adahessian.ts';
import type { Differentiable } from '../../../engine/optimisers/differentiable.ts';
import { sgd } from '../../../engine/optimisers/sgd.ts';

export interface Bounds {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

export interface GobiOptions {
  readonly iterations: number;
  readonly secondOrder: boolean;
  readonly seed: number;
}

/** Of AdaHessian; of the published ablation without it, whose rate only works because acquisitions are small. */
const [SECOND_ORDER_RATE, FIRST_ORDER_RATE] = [0.5, 10];

/** Steps no longer than this, so many times running, end it. */
const [SMALL, TIMES] = [1e-5, 6];

/** Shares of the rate, over and over. Departs from BOSHNAS (cosine annealing with T_max 2): without its step of rate 0. */
const ANNEALING = [1, 0.5, 0.5];

/**
 * Moves the weights of `target`, (rows, E), where its function falls, within the bounds of each coordinate; returns the
 * number of steps.
 */
export function gobi(
  target: Differentiable,
  bounds: Bounds,
  { iterations, secondOrder, seed }: GobiOptions,
): number {
  const rate = secondOrder ? SECOND_ORDER_RATE : FIRST_ORDER_RATE;
  const optimiser = secondOrder ? adahessian(target, { rate, seed }) : sgd(target, { rate });
  const { weights } = target;
  const before = weights.slice();
  let still = 0;
  for (let step = 0; step < iterations; step++) {
    before.set(weights);
    target.gradient();
    optimiser.step(rate * (ANNEALING[step % ANNEALING.length] as number));
    clip(weights, bounds);
    const moved = weights.some((w, i) => Math.abs(w - (before[i] as number)) > SMALL);
    still = moved ? 0 : still + 1;
    if (still === TIMES) return step + 1;
  }
  return iterations;
}

function clip(weights: Floats, { least, most }: Bounds): void {
  const width = least.length;
  for (let i = 0; i < weights.length; i++) {
    const [low, high] = [least[i % width] as number, most[i % width] as number];
    weights[i] = Math.min(Math.max(weights[i] as number, low), high);
  }
}
