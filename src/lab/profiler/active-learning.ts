// Active learning: chooses the next candidate to measure, so that few measurements suffice to predict all others.
//
// Notation   N candidates, E coordinates, K quantities measured for each
import { createRandom, type Random } from '../../engine/random.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  pointsAt,
} from '../../engine/regression/regressor.ts';
import { extent, mean } from '../../engine/statistics.ts';
import { FOLDS, heldOut } from './choose-regressor.ts';
import { scalerOf } from './rows.ts';

export interface LearningOptions {
  /** Measured before the first fit of a regressor, at most `most`. ProTran's 16. */
  readonly initial: number;
  /** Fresh candidates of a round; the least certain of them is measured. ProTran's 64. */
  readonly fresh: number;
  /** Greatest mean squared error of a held-out quantity, in squared parts of its range. ProTran's 0.005. */
  readonly errorAtMost: number;
  /**
   * Or: greatest epistemic deviation among the fresh candidates, in parts of the range, mean of the quantities. Below it, the
   * rest of the error is noise, which more candidates would not reduce. Less than ProTran's 0.05, because a regressor that
   * explains everything as noise reaches 0.05 after some twenty rows.
   */
  readonly doubtAtMost: number;
  /** Consecutive good rounds after which learning ends. */
  readonly patience: number;
  /** Most measurements. */
  readonly most: number;
}

export const LEARNING: LearningOptions = {
  initial: 16,
  fresh: 64,
  errorAtMost: 0.005,
  doubtAtMost: 0.03,
  patience: 3,
  most: 100,
};

interface LearningTask {
  /** (N, E) */
  readonly candidates: Points;
  readonly learn: FitRegressor;
  /** (K,) of a candidate, NaN = no reading; undefined if it cannot be measured: it is not tried again. */
  measure(candidate: number): Promise<readonly number[] | undefined>;
  /** Called after the initial sample and each later measurement; `error` as in `errorAtMost`, infinite without a fit. */
  progress?(measured: number, error: number): void;
}

interface Known {
  /** Candidates in the order of measurement. */
  readonly rows: readonly number[];
  /** K values of each. */
  readonly values: readonly (readonly number[])[];
}

/**
 * ProTran's first loop (Tuli and Jha 2024, "EdgeTran"): measures the candidate with the greatest sum of epistemic deviations,
 * each in parts of its quantity's range, until the error on held-out rows is small. Departs from it: the error is
 * cross-validated over all rows and not over the newest fifth, which are the hardest to predict; a bad round resets the
 * patience; there is no second loop that looks for the cheapest design, which is the task of a search.
 */
export async function learnActively(
  { candidates, learn, measure, progress }: LearningTask,
  options: LearningOptions,
  seed: number,
): Promise<Known & { readonly converged: boolean }> {
  const random = createRandom(seed);
  const tried = new Set<number>();
  const rows: number[] = [];
  const values: (readonly number[])[] = [];
  const take = async (candidate: number): Promise<void> => {
    tried.add(candidate);
    const found = await measure(candidate);
    if (!found) return;
    rows.push(candidate);
    values.push(found);
  };
  const initial = Math.min(options.initial, options.most);
  for (const candidate of farthestPoints(candidates, initial, random)) await take(candidate);
  let good = 0;
  for (;;) {
    const known = { rows, values };
    const error = greatestError(candidates, known, learn, seed);
    progress?.(rows.length, error);
    const [next] = leastCertain(candidates, known, tried, learn, options.fresh, random, seed);
    const isGood = error <= options.errorAtMost || (next?.doubt ?? 0) <= options.doubtAtMost;
    good = isGood ? good + 1 : 0;
    if (good >= options.patience || rows.length >= options.most || !next) break;
    await take(next.candidate);
  }
  return { rows, values, converged: good >= options.patience };
}

interface Doubt {
  readonly candidate: number;
  /** Mean of its epistemic deviations, each in parts of its quantity's range. Infinite while nothing is known. */
  readonly doubt: number;
}

/** `fresh` random candidates that were not tried, or all that remain; the least certain first. */
export function leastCertain(
  candidates: Points,
  measured: Known,
  tried: ReadonlySet<number>,
  learn: FitRegressor,
  fresh: number,
  random: Random,
  seed: number,
): readonly Doubt[] {
  const left = Array.from({ length: countOf(candidates) }, (_, i) => i).filter(
    (candidate) => !tried.has(candidate),
  );
  random.shuffle(left);
  const asked = left.slice(0, fresh);
  const points = pointsAt(candidates, asked);
  const doubts = new Float64Array(asked.length);
  const columns = columnsOf(candidates, measured);
  for (const { known, y } of columns) {
    const { epistemic } = learn(known, y, seed).predict(points);
    const range = rangeOf(y);
    for (const [i, deviation] of epistemic.entries()) {
      doubts[i] = (doubts[i] as number) + deviation / range / columns.length;
    }
  }
  const isBlind = measured.rows.length === 0;
  return asked
    .map((candidate, i) => ({
      candidate,
      doubt: isBlind ? Number.POSITIVE_INFINITY : (doubts[i] as number),
    }))
    .sort((one, other) => (other.doubt === one.doubt ? 0 : other.doubt - one.doubt));
}

/** Greatest error over the quantities with enough readings. */
function greatestError(
  candidates: Points,
  measured: Known,
  learn: FitRegressor,
  seed: number,
): number {
  const errors = columnsOf(candidates, measured)
    .filter(({ y }) => y.length >= FOLDS)
    .map(({ known, y }) => {
      const told = heldOut(learn, known, y, seed);
      const range = rangeOf(y);
      const off = y.map((value, i) => ((value - (told[i] as number)) / range) ** 2);
      return mean(off);
    });
  return errors.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...errors);
}

/** Each quantity with the points at which it was read; without quantities that were never read. */
function columnsOf(
  candidates: Points,
  { rows, values }: Known,
): readonly { readonly known: Points; readonly y: Float64Array }[] {
  return (values[0] ?? []).flatMap((_, k) => {
    const read = rows.map((row, i) => [row, values[i]?.[k] ?? Number.NaN] as const);
    const there = read.filter(([, value]) => !Number.isNaN(value));
    if (there.length === 0) return [];
    const known = pointsAt(
      candidates,
      there.map(([row]) => row),
    );
    return [{ known, y: Float64Array.from(there, ([, value]) => value) }];
  });
}

function rangeOf(y: Float64Array): number {
  const [least, greatest] = extent(y);
  return greatest - least || 1;
}

/**
 * Rows that cover all others: a random one, then repeatedly the row farthest from those taken, all columns scaled. All rows
 * if there are no more than `count`. O(count N E). Gonzalez 1985, "Clustering to minimize the maximum intercluster
 * distance". Departs from ProTran: its first sample is a Latin hypercube, which a list of designs does not have.
 */
export function farthestPoints(points: Points, count: number, random: Random): readonly number[] {
  const total = countOf(points);
  const { values, width } = scalerOf(points)(points);
  const away = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
  const taken: number[] = [];
  let next = total > 0 ? random.integer(total) : 0;
  while (taken.length < Math.min(count, total)) {
    taken.push(next);
    let farthest = Number.NEGATIVE_INFINITY;
    const from = next;
    for (let row = 0; row < total; row += 1) {
      const distance = squaredDistance(values, width, row, from);
      // -1 excludes a taken row even if equal rows remain.
      away[row] = row === from ? -1 : Math.min(away[row] as number, distance);
      if ((away[row] as number) > farthest) {
        farthest = away[row] as number;
        next = row;
      }
    }
  }
  return taken;
}

function squaredDistance(values: Float64Array, width: number, a: number, b: number): number {
  let sum = 0;
  for (let column = 0; column < width; column += 1) {
    const apart = (values[a * width + column] as number) - (values[b * width + column] as number);
    sum += apart * apart;
  }
  return sum;
}
