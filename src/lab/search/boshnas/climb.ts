// Climbs the acquisition by its gradient from several starts, and finds the candidates nearest to the end of each climb.

import type { Floats } from '../../../engine/floats.ts';
import { adahessian } from '../../../engine/optimisers/adahessian.ts';
import type { Differentiable } from '../../../engine/optimisers/differentiable.ts';
import { sgd } from '../../../engine/optimisers/sgd.ts';
import { squaredDistances } from '../../../engine/regression/matern.ts';
import {
  columnsOf,
  countOf,
  type Points,
  pointsAt,
  rowOf,
} from '../../../engine/regression/regressor.ts';
import { extent, leastPlaces } from '../../../engine/statistics.ts';

interface Climb {
  /** Points of all candidates. */
  readonly points: Points;
  readonly bounds: Bounds;
  /** Candidates from which to climb. */
  readonly starts: readonly number[];
  readonly iterations: number;
  readonly secondOrder: boolean;
  readonly seed: number;
}

/** (starts, E): where the climbs end. `target` is a function of as many points, to minimise. */
export function climb(target: Differentiable, task: Climb): Points {
  const { points, starts, bounds } = task;
  target.weights.set(pointsAt(points, starts).values);
  gobi(target, bounds, task);
  return { values: Float64Array.from(target.weights), width: points.width };
}

export function boundsOf(points: Points): Bounds {
  const sides = columnsOf(points).map(extent);
  return {
    least: Float64Array.from(sides, ([least]) => least),
    most: Float64Array.from(sides, ([, most]) => most),
  };
}

/** The nearest of `among` to each end, nearest first; of equals the one that comes first. */
export function nearestTo(
  ends: Points,
  points: Points,
  among: readonly number[],
  count: number,
): readonly (readonly number[])[] {
  const squares = squaredDistances(ends, pointsAt(points, among));
  return Array.from({ length: countOf(ends) }, (_, row) =>
    leastPlaces(rowOf({ values: squares, width: among.length }, row), count).map(
      (place) => among[place] as number,
    ),
  );
}

/** The candidate of the greatest worth in each group, in descending order of worth; `worth` is asked once, for all of them. */
export function mostWorth(
  groups: readonly (readonly number[])[],
  worth: (candidates: readonly number[]) => ArrayLike<number>,
): readonly number[] {
  const some = [...new Set(groups.flat())];
  const worths = worth(some);
  const places = new Map(some.map((candidate, place) => [candidate, place]));
  const worthOf = (candidate: number) => worths[places.get(candidate) as number] as number;
  return groups
    .map((group) => group.reduce((a, b) => (worthOf(b) > worthOf(a) ? b : a)))
    .toSorted((a, b) => worthOf(b) - worthOf(a));
}

export interface Bounds {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

interface GobiOptions {
  readonly iterations: number;
  readonly secondOrder: boolean;
  readonly seed: number;
}

/** Rate of AdaHessian, and of the published ablation without it: that rate only works because acquisitions are small. */
const [SECOND_ORDER_RATE, FIRST_ORDER_RATE] = [0.5, 10];

/** The climb ends after TIMES consecutive steps that are no longer than SMALL. */
const [SMALL, TIMES] = [1e-5, 6];

/** Shares of the rate, in a cycle. Departs from BOSHNAS (cosine annealing with T_max 2): without its step of rate 0. */
const ANNEALING = [1, 0.5, 0.5];

/**
 * Gradient-based optimisation by backpropagation to the input: moves the weights of `target`, (rows, E), so that its
 * function falls, within the bounds of each coordinate; returns the number of steps. Tuli et al. 2021, "COSCO: container
 * orchestration using co-simulation and gradient based optimization for fog computing environments"; with curvature as
 * in BOSHNAS.
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
