import { createRandom } from '../../../../engine/random.ts';
import { squaredDistances } from '../../../../engine/regression/matern.ts';
import { rowOf } from '../../../../engine/regression/regressor.ts';
import type { DesignPoint } from '../../../../models/design-point.ts';
import { distancesAmong } from '../distances-among.ts';
import { type LearnedOptions, layOut, learnedDefaults } from './learned.ts';

/** Designs from which distances are compared, to all that are held out. */
const COMPARED = 64;

/**
 * How far the learned embedding is from square roots of edit distances, between designs that were no landmarks: 0 = not at
 * all, 1 = as far as if all lay in one place. Undefined where fewer than two were held out.
 * Kruskal 1964, "Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis", his stress, unscaled.
 */
export function heldOutStress(
  points: readonly DesignPoint[],
  seed: number,
  options: LearnedOptions = learnedDefaults,
): number | undefined {
  const { coordinates, landmarks } = layOut(points, options);
  const known = new Set(landmarks);
  const heldOut = [...points.keys()].filter((point) => !known.has(point));
  if (heldOut.length < 2) return undefined;
  const compared = [...heldOut];
  createRandom(seed).shuffle(compared);
  const distances = distancesAmong(points);
  let missed = 0;
  let all = 0;
  for (const from of compared.slice(0, COMPARED)) {
    const row = distances(from);
    const found = squaredDistances(rowOf(coordinates, from), coordinates).map(Math.sqrt);
    for (const to of heldOut) {
      const sought = Math.sqrt(row[to] as number);
      missed += (sought - (found[to] as number)) ** 2;
      all += sought ** 2;
    }
  }
  return Math.sqrt(missed / all);
}
