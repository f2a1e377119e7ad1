// Lloyd's k-means on vectors of equal length, seeded.
import type { Random } from '../../../engine/random.ts';

/** Passes at most: more change the centres of real series only in the last digits. */
const MOST_PASSES = 100;

type Vector = Float32Array | Float64Array;

/**
 * (k,) centres, fewer where there are fewer distinct vectors. k-means++ start (Arthur and Vassilvitskii 2007), then
 * passes until no vector changes its centre. Awaits `pause` once per pass.
 */
export async function kMeans(
  vectors: readonly Vector[],
  k: number,
  random: Random,
  pause: () => Promise<void>,
): Promise<readonly Float64Array[]> {
  const centres = spreadStart(vectors, k, random);
  const owner = new Int32Array(vectors.length).fill(-1);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    if (!assign(vectors, centres, owner)) break;
    recentre(vectors, centres, owner);
    await pause();
  }
  return centres;
}

/**
 * The first centre is random. For each further one a few candidates are drawn with probability proportional to their
 * squared distance to the existing centres; the candidate that leaves the least distance wins (greedy, as scikit-learn).
 */
function spreadStart(vectors: readonly Vector[], k: number, random: Random): Float64Array[] {
  const first = vectors[random.integer(vectors.length)] as Vector;
  const centres = [Float64Array.from(first)];
  let distances = Float64Array.from(vectors, (vector) => squaredDistance(vector, first));
  while (centres.length < k && distances.some((distance) => distance > 0)) {
    const trials = Array.from({ length: 2 + Math.floor(Math.log(k)) }, () => {
      const candidate = vectors[drawn(distances, random)] as Vector;
      const left = distances.map((distance, i) =>
        Math.min(distance, squaredDistance(vectors[i] as Vector, candidate)),
      );
      return { candidate, left, total: left.reduce((sum, distance) => sum + distance, 0) };
    });
    const best = trials.reduce((a, b) => (b.total < a.total ? b : a));
    centres.push(Float64Array.from(best.candidate));
    distances = best.left;
  }
  return centres;
}

/** An index with probability proportional to its weight. */
function drawn(weights: Float64Array, random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  // Rounding may leave a remainder: then take the last one with a positive weight.
  return index >= 0 ? index : weights.findLastIndex((weight) => weight > 0);
}

/** Returns whether any vector changed its centre. */
function assign(
  vectors: readonly Vector[],
  centres: readonly Float64Array[],
  owner: Int32Array,
): boolean {
  let changed = false;
  vectors.forEach((vector, i) => {
    let nearest = 0;
    let least = Infinity;
    centres.forEach((centre, k) => {
      const distance = squaredDistance(vector, centre);
      if (distance >= least) return;
      least = distance;
      nearest = k;
    });
    if (owner[i] !== nearest) changed = true;
    owner[i] = nearest;
  });
  return changed;
}

/** A centre without vectors does not move. */
function recentre(
  vectors: readonly Vector[],
  centres: readonly Float64Array[],
  owner: Int32Array,
): void {
  const counts = new Float64Array(centres.length);
  for (const k of owner) counts[k] = (counts[k] as number) + 1;
  centres.forEach((centre, k) => {
    if ((counts[k] as number) > 0) centre.fill(0);
  });
  vectors.forEach((vector, i) => {
    const k = owner[i] as number;
    const centre = centres[k] as Float64Array;
    const weight = 1 / (counts[k] as number);
    for (let j = 0; j < centre.length; j++) {
      centre[j] = (centre[j] as number) + weight * (vector[j] as number);
    }
  });
}

function squaredDistance(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    sum += difference * difference;
  }
  return sum;
}
