// Multidimensional scaling: coordinates whose Euclidean distances approximate given distances.
// de Silva and Tenenbaum 2004, "Sparse multidimensional scaling using landmark points".
//
// Notation   N points, L landmarks, E coordinates
//            d2 (L, N) squared distances from landmarks, r (L,) their means over landmarks
//            b (L, L) inner products of landmarks seen from their centre

import { symmetricEigen } from '../../../engine/linear-algebra/decompositions.ts';
import { type Dense, dense } from '../../../engine/linear-algebra/dense.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import { mean } from '../../../engine/statistics.ts';

export interface Layout {
  readonly coordinates: Points;
  /** Points whose distances to all others were computed. */
  readonly landmarks: readonly number[];
}

/** Rounding error of an eigenvalue of 0, as a share of the greatest. */
const ROUNDING = 1e-12;

/**
 * E is at most `width`, less if the distances have fewer dimensions, and at least 1. `distancesFrom` a point: (N,). The
 * first point is the first landmark, each next one is the point farthest from those before it.
 * O(N L (E + cost of a distance) + L^3).
 */
export function landmarkMds(
  count: number,
  distancesFrom: (point: number) => Float64Array,
  { landmarks: most, width }: { readonly landmarks: number; readonly width: number },
): Layout {
  const { landmarks, distances } = farthestFirst(count, distancesFrom, Math.min(most, count));
  const d2 = distances.map((row) => row.map((distance) => distance ** 2));
  const r = d2.map((row) => mean(landmarks.map((n) => row[n] as number)));
  const { values, vectors } = symmetricEigen(innerProducts(d2, r, landmarks));
  // Distances that are not Euclidean make eigenvalues below 0; an axis no longer than those is noise.
  const least = Math.max(-(values.at(-1) as number), ROUNDING * (values[0] as number));
  const axes = vectors.slice(0, width).filter((_, e) => (values[e] as number) > least);
  const columns = Math.max(axes.length, 1);
  const coordinates = new Float64Array(count * columns);
  for (const [e, vector] of axes.entries()) {
    const scale = -1 / (2 * Math.sqrt(values[e] as number));
    for (const [l, row] of d2.entries()) {
      const weight = scale * (vector[l] as number);
      for (let n = 0; n < count; n++) {
        const at = n * columns + e;
        coordinates[at] =
          (coordinates[at] as number) + weight * ((row[n] as number) - (r[l] as number));
      }
    }
  }
  return { coordinates: { values: coordinates, width: columns }, landmarks };
}

function farthestFirst(
  count: number,
  distancesFrom: (point: number) => Float64Array,
  most: number,
): { landmarks: number[]; distances: Float64Array[] } {
  const landmarks: number[] = [];
  const distances: Float64Array[] = [];
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let next = 0; landmarks.length < most; next = indexOfGreatest(nearest)) {
    const row = distancesFrom(next);
    landmarks.push(next);
    distances.push(row);
    for (let n = 0; n < count; n++) {
      nearest[n] = Math.min(nearest[n] as number, row[n] as number);
    }
  }
  return { landmarks, distances };
}

function innerProducts(
  d2: readonly Float64Array[],
  r: readonly number[],
  landmarks: readonly number[],
): Dense {
  const all = mean(r);
  const b = d2.flatMap((row, i) =>
    landmarks.map((n, j) => -((row[n] as number) - (r[i] as number) - (r[j] as number) + all) / 2),
  );
  return dense(landmarks.length, landmarks.length, Float64Array.from(b));
}

function indexOfGreatest(values: Float64Array): number {
  let greatest = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] as number) > (values[greatest] as number)) greatest = i;
  }
  return greatest;
}
