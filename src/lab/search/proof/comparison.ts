// Compares search methods on one table: final regret, speed, and whether our method is significantly better.
import { createRandom } from '../../../engine/random.ts';
import { mean, median, quantile } from '../../../engine/statistics.ts';
import type { ConvergenceCurve } from '../convergence-plot.ts';
import { evaluationsUntil, type Improvement, regretCurve } from './progress.ts';
import { holm, type Interval, medianInterval, signedRank } from './statistics.ts';

/** One search of the table. */
export interface SearchRun {
  readonly method: string;
  readonly seed: number;
  readonly improvements: readonly Improvement[];
  /** Candidates proposed at once. */
  readonly batch: number;
  /** CPU seconds of the method itself. */
  readonly searchS: number;
}

/** Budget, evaluation counts and tops at which all runs are judged. */
export interface Marks {
  readonly budget: number;
  /** Numbers of evaluations after which regret is reported. */
  readonly after: readonly number[];
  /** Sizes of the tops to reach. */
  readonly tops: readonly number[];
}

/** Half of the budget and all of it; the top 1 % and the top 0.5 % of the candidates, e.g. 8 and 4 of 812. */
export function marksOf(candidates: number, budget: number): Marks {
  return {
    budget,
    after: [Math.ceil(budget / 2), budget],
    tops: [0.01, 0.005].map((share) => Math.max(1, Math.floor(share * candidates))),
  };
}

export interface Reached {
  readonly top: number;
  /** Runs that reached it within the budget. */
  readonly runs: number;
  /** Evaluations until then; budget + 1 = never. */
  readonly evaluations: Interval;
}

export interface MethodSummary {
  readonly method: string;
  readonly runs: number;
  /** Of the first run. */
  readonly batch: number;
  /** At each of `marks.after`. */
  readonly regret: readonly Interval[];
  /** Mean regret over the whole budget. */
  readonly area: Interval;
  /** For each of `marks.tops`. */
  readonly reached: readonly Reached[];
  /** Median regret over the runs, with a band of their quartiles. */
  readonly curve: ConvergenceCurve;
  /** Median over the runs. */
  readonly searchS: number;
}

/** Intervals are 95 % bootstrap intervals over runs. */
export function summarise(
  runs: readonly SearchRun[],
  { budget, after, tops }: Marks,
): MethodSummary {
  const [first] = runs;
  if (!first) throw new RangeError('no runs to summarise');
  const intervalOf = (values: readonly number[]): Interval =>
    medianInterval(values, createRandom(1));
  const curves = runs.map(({ improvements }) => regretCurve(improvements, budget));
  const at = (mark: number): readonly number[] => curves.map((curve) => curve[mark - 1] as number);
  const quantiles = (q: number): Float64Array =>
    Float64Array.from({ length: budget }, (_, i) => quantile(at(i + 1), q));
  return {
    method: first.method,
    runs: runs.length,
    batch: first.batch,
    regret: after.map((mark) => intervalOf(at(mark))),
    area: intervalOf(curves.map(mean)),
    reached: tops.map((top) => {
      const until = runs.map(({ improvements }) => evaluationsUntil(top, improvements));
      return {
        top,
        runs: until.filter((evaluations) => evaluations <= budget).length,
        evaluations: intervalOf(until.map((evaluations) => Math.min(budget + 1, evaluations))),
      };
    }),
    curve: {
      name: first.method,
      values: quantiles(0.5),
      band: { low: quantiles(0.25), high: quantiles(0.75) },
    },
    searchS: median(runs.map(({ searchS }) => searchS)),
  };
}

export interface Versus {
  readonly rival: string;
  /** Numbers of common seeds on which ours, or the rival, has less area under its regret. */
  readonly ahead: number;
  readonly behind: number;
  /** Wilcoxon's signed-rank test, two-sided, of the areas, paired by seed. */
  readonly p: number;
  /** The same, corrected for the number of rivals by Holm's method. */
  readonly adjusted: number;
}

/** Compares `ours` with each other method that has seeds in common with it. */
export function versusEach(
  ours: string,
  runs: readonly SearchRun[],
  budget: number,
): readonly Versus[] {
  const areas = new Map<string, Map<number, number>>();
  for (const { method, seed, improvements } of runs) {
    const bySeed = areas.get(method) ?? new Map<number, number>();
    areas.set(method, bySeed.set(seed, mean(regretCurve(improvements, budget))));
  }
  const own = areas.get(ours) ?? new Map<number, number>();
  const compared = [...areas]
    .filter(
      ([method, bySeed]) => method !== ours && [...own.keys()].some((seed) => bySeed.has(seed)),
    )
    .map(([rival, bySeed]) => ({ rival, ...compare(own, bySeed) }));
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((each, i) => ({ ...each, adjusted: adjusted[i] as number }));
}

function compare(
  ours: ReadonlyMap<number, number>,
  theirs: ReadonlyMap<number, number>,
): Pick<Versus, 'ahead' | 'behind' | 'p'> {
  const pairs = [...ours].flatMap(([seed, own]) => {
    const other = theirs.get(seed);
    return other === undefined ? [] : [{ own, other }];
  });
  return {
    ahead: pairs.filter(({ own, other }) => own < other).length,
    behind: pairs.filter(({ own, other }) => own > other).length,
    p: signedRank(
      pairs.map(({ own }) => own),
      pairs.map(({ other }) => other),
    ).p,
  };
}
