// Finds the best split of the points of a node of a regression tree.
import type { Random } from '../random.ts';
import type { Points } from './regressor.ts';

export interface TreeOptions {
  /** Maximum depth of a leaf. */
  readonly depth: number;
  /** Minimum weight of a leaf. */
  readonly leafWeight: number;
  /** Number of random coordinates that are tried for each split; with E or more the tree is not random. */
  readonly tried: number;
}

/** State of a tree during growth. */
export interface Growth {
  readonly points: Points;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly options: TreeOptions;
  readonly random: Random;
  /** As in `SortedPoints`; the points of a node are adjacent in each order. */
  readonly orders: readonly Uint32Array[];
  /** All coordinates, in the order of trial. */
  readonly places: Uint32Array;
  readonly goesLeft: Uint8Array;
  readonly spare: Uint32Array;
}

/** A range of the orders; `to` is exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Split {
  readonly place: number;
  /** Points up to this value, inclusive, go to the left. */
  readonly threshold: number;
}

interface Found extends Split {
  /** Reduction of the squared error. */
  readonly gain: number;
}

/**
 * The split that reduces the squared error most, the first of equal ones; undefined if no split leaves enough weight on
 * both sides. `mean` and `weight` are those of the range. Constant coordinates do not count as tried.
 */
export function bestSplit(
  growth: Growth,
  range: Range,
  mean: number,
  weight: number,
): Found | undefined {
  const { places, options, random } = growth;
  if (options.tried < places.length) random.shuffle(places);
  let best: Found | undefined;
  let tried = 0;
  for (const place of places) {
    if (tried >= options.tried) break;
    const found = splitAlong(growth, range, place, mean, weight);
    if (found === 'constant') continue;
    tried++;
    if (found && (!best || found.gain > best.gain)) best = found;
  }
  return best;
}

function splitAlong(
  { points: { values, width }, orders, y, weights, options }: Growth,
  { from, to }: Range,
  place: number,
  mean: number,
  weight: number,
): Found | 'constant' | undefined {
  const order = orders[place] as Uint32Array;
  const at = (i: number) => values[(order[i] as number) * width + place] as number;
  if (at(from) === at(to - 1)) return 'constant';
  let best: Found | undefined;
  let [left, sum] = [0, 0];
  let here = at(from);
  for (let i = from; i < to - 1; i++) {
    const row = order[i] as number;
    const next = at(i + 1);
    left += weights[row] as number;
    sum += (weights[row] as number) * ((y[row] as number) - mean);
    const fits = left >= options.leafWeight && weight - left >= options.leafWeight;
    // The deviations of both sides add up to 0, so one sum is enough.
    const gain = fits && next > here ? (sum ** 2 * weight) / (left * (weight - left)) : -1;
    if (gain > (best?.gain ?? -0.5)) best = { place, gain, threshold: between(here, next) };
    here = next;
  }
  return best;
}

/** The middle, which is kept below `high` despite rounding. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}
