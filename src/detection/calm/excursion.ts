// Finds a level of a sequence that occurs once and does not recur.
//
// Notation   M blocks in the order of time; v (M,) a figure of each; k blocks with the greatest v are the excursion.
import { quantileOfSorted } from '../../engine/statistics.ts';

/** A level that occurs at least this many times is normal ... */
const RECURRING_VISITS = 3;
/** ... unless it covers more than this share of the time from first to last: a load with two pauses is one load. */
const ONE_LOAD = 2 / 3;
/** Visits with at most one block between them are one visit. */
const JOINED = 2;
/** Distance of the medians that makes an excursion, in deviations of the other blocks ... */
const DEVIATIONS = 5;
/**
 * ... plus this divided by k for an excursion of k blocks: the greatest of a hundred values is always far from the
 * median.
 */
const DEVIATIONS_OF_ONE = 3;
/** Least prominence of an excursion above everything that recurs, as a share of that distance ... */
const PROMINENCE = 0.5;
/** ... and least prominence of its lowest block, as a share of it. */
const EDGE = 0.25;
/** ... and least gap between its lowest block and the next, as a share of it: a cut through a plateau is meaningless. */
const GAP = 0.05;
/** Quartiles of a normal distribution are this many standard deviations apart. */
const QUARTILES_APART = 1.349;
/**
 * Least number of blocks: with fewer, at least one calm lesson in four has an excursion by chance; with these, one in
 * fifteen.
 */
const LEAST_BLOCKS = 30;

/**
 * The largest set of at most half the blocks that lies above the others by at least `floor`, and above all that was
 * visited several times: 1 = in the set. undefined = there is none. NaN is never in the set. It is the part {v > u} of a
 * sequence that has few connected pieces and great prominence, as persistent homology ranks peaks (Edelsbrunner, Letscher
 * and Zomorodian 2002, "Topological persistence and simplification"). Change points (e.g. PELT) would have to be matched
 * afterwards, to separate recurring levels from single ones. O(M log M).
 */
export function excursion(v: Float64Array, floor: number): Uint8Array | undefined {
  const order = [...v.keys()]
    .filter((block) => Number.isFinite(v[block]))
    .sort((a, b) => (v[b] as number) - (v[a] as number));
  if (order.length < LEAST_BLOCKS) return undefined;
  const falling = order.map((block) => v[block] as number);
  const recurs = recurrences(order, v.length);
  let found = 0;
  // the greatest height that recurs, searched from below
  let recurring = falling.at(-1) as number;
  for (let k = order.length; k >= 1; k--) {
    if (recurs[k - 1]) recurring = falling[k - 1] as number;
    else if (k <= order.length / 2 && standsOut(falling, k, { floor, recurring })) {
      found = k;
      break;
    }
  }
  if (found === 0) return undefined;
  const inside = new Uint8Array(v.length);
  for (const block of order.slice(0, found)) inside[block] = 1;
  return inside;
}

interface Bar {
  readonly floor: number;
  /** The greatest height that was visited several times, below the excursion. */
  readonly recurring: number;
}

function standsOut(falling: readonly number[], k: number, { floor, recurring }: Bar): boolean {
  const edge = falling[k - 1] as number;
  const rest = falling.slice(k).reverse();
  const centre = quantileOfSorted(rest, 0.5);
  const apart = quantileOfSorted(rest, 0.75) - quantileOfSorted(rest, 0.25);
  const middle = falling[(k - 1) >> 1] as number;
  const deviations = DEVIATIONS + DEVIATIONS_OF_ONE / k;
  if (middle - centre < (deviations * apart) / QUARTILES_APART) return false;
  const prominence = middle - recurring;
  if (prominence < Math.max(floor, PROMINENCE * (middle - centre))) return false;
  if (edge - (falling[k] as number) < GAP * prominence) return false;
  return edge - recurring >= EDGE * prominence;
}

/** For k = 1, 2, ...: whether the set of the first k blocks was visited several times. */
function recurrences(order: readonly number[], blocks: number): readonly boolean[] {
  const visits = new Visits(blocks);
  return order.map((block) => {
    visits.add(block);
    return visits.recur;
  });
}

/** Counts the visits to a growing set of blocks. */
class Visits {
  readonly #inside: Uint8Array;
  #blocks = 0;
  #count = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(blocks: number) {
    this.#inside = new Uint8Array(blocks);
  }

  get recur(): boolean {
    const span = this.#last - this.#first + 1;
    return this.#count >= RECURRING_VISITS && this.#blocks <= ONE_LOAD * span;
  }

  add(block: number): void {
    const before = this.#near(block, -1);
    const after = this.#near(block, 1);
    const wereJoined = before + after > 0 && before + after <= JOINED && before > 0 && after > 0;
    this.#count += 1 - Number(before > 0) - Number(after > 0) + Number(wereJoined);
    this.#inside[block] = 1;
    this.#blocks += 1;
    this.#first = Math.min(this.#first, block);
    this.#last = Math.max(this.#last, block);
  }

  /** Distance to the nearest block inside on one side, if that is joined to this one; else 0. */
  #near(block: number, direction: 1 | -1): number {
    for (let distance = 1; distance <= JOINED; distance++) {
      if (this.#inside[block + direction * distance] === 1) return distance;
    }
    return 0;
  }
}
