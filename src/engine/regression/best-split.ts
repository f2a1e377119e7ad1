// Where a regression tree divides the points of a node.
import type { Random } from '../random.ts';
import type { Points } from './regressor.ts';

export interface TreeOptions {
  /** Splits on the way to a leaf, at most. */
  readonly depth: number;
  /** Weight of a leaf, at least. */
  readonly leafWeight: number;
  /** Coordinates that are tried for each split, drawn anew; with E or more, chance has no part in the tree. */
  readonly tried: number;
}

/** A tree that is being grown. */
export interface Growth {
  readonly points: Points;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly options: TreeOptions;
  readonly random: Random;
  /** As of `SortedPoints`; the points of a node lie side by side in each. */
  readonly orders: readonly Uint32Array[];
  /** All coordinates, in the order in which they are tried. */
  readonly places: Uint32Array;
  readonly goesLeft: Uint8Array;
  readonly spare: Uint32Array;
}

/** Places in the orders of a growth, without `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Split {
  readonly place: number;
  /** Up to it, including, points go to the left. */
  readonly threshold: number;
}

interface Found extends Split {
  /** By how much the squared error falls. */
  readonly gain: number;
}

/**
 * The one that lowers the squared error most, the first of equals; undefined where none leaves enough on both sides.
 * `mean` and `weight` are those of the range. Coordinates that are the same for all its points do not count as tried.
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
    // The deviations of both sides add up to 0, so that one of the sums tells both.
    const gain = fits && next > here ? (sum ** 2 * weight) / (left * (weight - left)) : -1;
    if (gain > (best?.gain ?? -0.5)) best = { place, gain, threshold: between(here, next) };
    here = next;
  }
  return best;
}

/** Below `high`, also where rounding would make the middle of the two the same. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}
