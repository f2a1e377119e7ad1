// Which candidate to measure next, so that few measurements tell of all others.
//
// Notation   N candidates, E coordinates, K quantities that are measured of each
import { createRandom, type Random } from '../../engine/random.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  pointsAt,
} from '../../engine/regression/regressor.ts';
import { extent, mean } from '../../engine/statistics.ts';
import { FOLDS, heldOut } from './cross-validation.ts';
import { farthestPoints } from './farthest-points.ts';

export interface LearningOptions {
  /** Measured before anything is asked of a regressor, no more than `most`. ProTran's 16. */
  readonly initial: number;
  /** Fresh candidates of a round, of which the least certain is measured. ProTran's 64. */
  readonly fresh: number;
  /** Greatest mean squared error of a held-out quantity, in squared parts of its range. ProTran's 0.005. */
  readonly errorAtMost: number;
  /**
   * Or: greatest epistemic deviation among the fresh candidates, in parts of the range, mean of the quantities. What is
   * left of the error then is noise, which more candidates would not take away. Less than ProTran's 0.05, which a
   * regressor that takes everything for noise has after some twenty rows.
   */
  readonly doubtAtMost: number;
  /** Good rounds one after another that are enough. */
  readonly patience: number;
  /** Measurements, at most. */
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

export interface LearningTask {
  /** (N, E) */
  readonly candidates: Points;
  readonly learn: FitRegressor;
  /** (K,) of a candidate, NaN = no reading; undefined where it cannot be measured, which is not tried again. */
  measure(candidate: number): Promise<readonly number[] | undefined>;
  /** After the initial sample and each measurement then; `error` as in `errorAtMost`, infinite while nothing tells. */
  progress?(measured: number, error: number): void;
}

export interface Known {
  /** Candidates in the order in which they were measured. */
  readonly rows: readonly number[];
  /** K values of each. */
  readonly values: readonly (readonly number[])[];
}

/**
 * ProTran's first loop (Tuli and Jha 2024, "EdgeTran"): the candidate with the greatest sum of epistemic deviations, each
 * in parts of its quantity's range, until the error on held-out rows is small. Departs from it: the error is of all rows
 * in turn and not of the newest fifth, for those are the ones that are hardest to tell; a bad round sets the patience
 * back; there is no second loop that looks for the cheapest design, which is a search's to ask for.
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

export interface Doubt {
  readonly candidate: number;
  /** Mean of its epistemic deviations, each in parts of its quantity's range. Infinite while nothing is known. */
  readonly doubt: number;
}

/** `fresh` random candidates that were not tried, or those that are left; the least certain first. */
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

/** Of all quantities that were read often enough. */
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

/** Each quantity with the points of which it was read; none that never was. */
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
