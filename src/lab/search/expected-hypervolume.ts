// By how much a candidate with uncertain objectives is expected to raise the hypervolume. Lower is better in each objective.
//
// Notation   m objectives; y_j normal with mean mu_j and deviation s_j, independent of each other; r (m,) the reference
//            the region that counts but is not dominated, as boxes that share nothing: from l to u, (m,) each
//            what y gains is the part of the region beyond it, so its expectation is the sum over boxes of
//            prod_j (E max(0, u_j - y_j) - E max(0, l_j - y_j))
import { type Objectives, paretoFront } from './front.ts';
import { logExpectedImprovement } from './rivals/expected-improvement.ts';

interface Box {
  /** Numbers of levels of each objective, see `levelsOf`. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** What counts of a front up to a reference, for `expectedImprovements`. */
export interface OpenRegion {
  /** Of each objective: minus infinity, the values of the front in rising order, and the reference. */
  readonly levels: readonly (readonly number[])[];
  readonly boxes: readonly Box[];
}

/** Fifty points of a sphere have 23,426 boxes with four objectives and 316,251 with five, of which each candidate needs all. */
export const MOST_OBJECTIVES = 4;

/** Points beyond the reference do not count. About n boxes for n points and two objectives, n^2 / 2 for three. */
export function openRegion(points: Objectives, reference: readonly number[]): OpenRegion {
  const inside = points.filter((point) =>
    reference.every((limit, j) => (point[j] as number) < limit),
  );
  const front = paretoFront(inside).map((i) => inside[i] as readonly number[]);
  const levels = reference.map((limit, j) => [
    Number.NEGATIVE_INFINITY,
    ...new Set(front.map((point) => point[j] as number).sort((a, b) => a - b)),
    limit,
  ]);
  const ranks = front.map((point) =>
    point.map((value, j) => (levels[j] as number[]).indexOf(value)),
  );
  const tops = levels.map((each) => each.length - 1);
  return { levels, boxes: boxesOf(ranks, tops) };
}

/**
 * Slabs of the last objective, from one level to the next: within a slab the points below it dominate, and the others do not.
 * Slabs in which nothing changes become one.
 */
function boxesOf(ranks: readonly (readonly number[])[], tops: readonly number[]): readonly Box[] {
  const last = tops.length - 1;
  const top = tops[last] as number;
  if (last === 0) {
    const least = Math.min(top, ...ranks.map(([rank = 0]) => rank));
    return [{ from: [0], to: [least] }];
  }
  const rest = (some: readonly (readonly number[])[]) => some.map((rank) => rank.slice(0, last));
  const starts = [...new Set([0, ...ranks.map((rank) => rank[last] as number)])].sort(
    (a, b) => a - b,
  );
  return starts.flatMap((start, i) => {
    const end = starts[i + 1] ?? top;
    const below = ranks.filter((rank) => (rank[last] as number) <= start);
    return boxesOf(rest(below), tops.slice(0, last)).map(({ from, to }) => ({
      from: [...from, start],
      to: [...to, end],
    }));
  });
}

/** One output of many candidates or points. */
export interface Uncertain {
  readonly mean: Float64Array;
  /** 0 = certain. */
  readonly deviation: Float64Array;
}

/**
 * (candidates,): exact for any number of objectives, O(candidates (levels + boxes)). Emmerich, Giannakoglou and Naujoks 2006,
 * "Single- and multiobjective evolutionary optimization assisted by Gaussian random field metamodels", for the integral; the boxes
 * are ours.
 */
export function expectedImprovements(
  { levels, boxes }: OpenRegion,
  objectives: readonly Uncertain[],
): Float64Array {
  const count = objectives[0]?.mean.length ?? 0;
  const improvements = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const below = levels.map((each, j) => {
      const { mean, deviation } = objectives[j] as Uncertain;
      return each.map((level) => expectedBelow(level, mean[i] as number, deviation[i] as number));
    });
    let sum = 0;
    for (const { from, to } of boxes) {
      let volume = 1;
      for (let j = 0; j < from.length; j++) {
        const own = below[j] as number[];
        volume *= (own[to[j] as number] as number) - (own[from[j] as number] as number);
      }
      sum += volume;
    }
    improvements[i] = sum;
  }
  return improvements;
}

/** Beyond so many deviations y is as good as certainly below. */
const CERTAIN = 8;

/** E max(0, level - y) */
function expectedBelow(level: number, mean: number, deviation: number): number {
  if (level === Number.NEGATIVE_INFINITY) return 0;
  if (level - mean > CERTAIN * deviation) return level - mean;
  return Math.exp(logExpectedImprovement(-mean, deviation, -level));
}
