// Searches of one table side by side: how near each method came, how soon, and whether ours is really ahead.
import { createRandom } from '../../../engine/random.ts';
import { median, quantile } from '../../../engine/statistics.ts';
import type { ConvergenceCurve } from '../convergence-plot.ts';
import { type Interval, medianInterval } from './bootstrap.ts';
import { holm } from './holm.ts';
import type { PlayOut } from './play-out.ts';
import { areaUnderRegret, evaluationsUntil, type Progress, progressOf } from './progress.ts';
import { signedRank } from './signed-rank.ts';
import type { Standing } from './standing.ts';

/** One search of the table. */
export interface SearchRun extends PlayOut {
  readonly method: string;
  readonly seed: number;
  /** Seconds of a processor that the method itself took. */
  readonly searchS: number;
}

/** What all runs are judged at. */
export interface Marks {
  readonly budget: number;
  /** Numbers of evaluations after which regret is told. */
  readonly after: readonly number[];
  /** Sizes of the tops that are to be reached. */
  readonly tops: readonly number[];
}

export interface Reached {
  readonly top: number;
  /** Runs that came there within the budget. */
  readonly runs: number;
  /** Evaluations until then; the budget and one more stands for never. */
  readonly evaluations: Interval;
}

export interface MethodSummary {
  readonly method: string;
  readonly runs: number;
  /** At each of `marks.after`. */
  readonly regret: readonly Interval[];
  /** Mean regret over the whole budget. */
  readonly area: Interval;
  /** For each of `marks.tops`. */
  readonly reached: readonly Reached[];
  /** Median regret over the runs, in a band of their quartiles. */
  readonly curve: ConvergenceCurve;
  /** Median over the runs. */
  readonly searchS: number;
}

/** Intervals are 95 % bootstrap intervals over runs. */
export function summarise(
  runs: readonly SearchRun[],
  standing: Standing,
  { budget, after, tops }: Marks,
): MethodSummary {
  const [first] = runs;
  if (!first) throw new RangeError('no runs to summarise');
  const all = runs.map(({ order }) => progressOf(order, standing, budget));
  const intervalOf = (of: (progress: Progress) => number): Interval =>
    medianInterval(all.map(of), createRandom(1));
  const curveOf = (q: number): Float64Array =>
    Float64Array.from({ length: budget }, (_, i) =>
      quantile(
        all.map(({ regret }) => regret[i] as number),
        q,
      ),
    );
  return {
    method: first.method,
    runs: runs.length,
    regret: after.map((mark) => intervalOf(({ regret }) => regret[mark - 1] as number)),
    area: intervalOf(areaUnderRegret),
    reached: tops.map((top) => ({
      top,
      runs: all.filter((progress) => evaluationsUntil(top, progress) <= budget).length,
      evaluations: intervalOf((progress) => Math.min(budget + 1, evaluationsUntil(top, progress))),
    })),
    curve: {
      name: first.method,
      values: curveOf(0.5),
      band: { low: curveOf(0.25), high: curveOf(0.75) },
    },
    searchS: median(runs.map(({ searchS }) => searchS)),
  };
}

export interface Versus {
  readonly rival: string;
  /** Seeds that both have, by which of the two has less area under its regret. */
  readonly ahead: number;
  readonly behind: number;
  /** Wilcoxon's signed-rank test, two-sided, of the areas, paired by seed. */
  readonly p: number;
  /** The same, corrected for the number of rivals after Holm. */
  readonly adjusted: number;
}

/** `ours` against each of the others that has seeds in common with it. */
export function versusEach(
  ours: string,
  runs: readonly SearchRun[],
  standing: Standing,
  budget: number,
): readonly Versus[] {
  const areas = new Map<string, Map<number, number>>();
  for (const { method, seed, order } of runs) {
    const bySeed = areas.get(method) ?? new Map<number, number>();
    areas.set(method, bySeed.set(seed, areaUnderRegret(progressOf(order, standing, budget))));
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
