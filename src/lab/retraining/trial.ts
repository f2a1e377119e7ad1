// Decides whether a new model may replace the live one: runs both on the same normal rows, which neither was trained on.
import { rowsBetween, type Series } from '../../core/series.ts';
import type { DetectionKinds } from '../../detectors/index.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { quantile } from '../../engine/statistics.ts';
import { type Contender, runContender, type StreamSettings } from './contender.ts';
import { type Corruption, planCorruptions, plant } from './corruptions.ts';

export interface TrialSetup {
  readonly live: Contender;
  readonly candidate: Contender;
  /** Rows just before `held`: they fill the first window. */
  readonly before: Series;
  /** Normal rows. */
  readonly held: Series;
  readonly settings: StreamSettings;
  readonly seed: number;
  readonly kernels: Kernels;
  /** Default: the built-in ones. */
  readonly kinds?: DetectionKinds;
  /** Share of the trial that is done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
}

/** How one model did. */
export interface Showing {
  /** Alerts on the normal rows as they are. */
  readonly falseAlarms: number;
  /** Score over level that one normal row in a hundred exceeds. */
  readonly tail: number;
  /** Planted corruptions that opened an alert. */
  readonly found: number;
}

export interface Trial {
  readonly rows: number;
  readonly planted: number;
  readonly live: Showing;
  readonly candidate: Showing;
  /** Why the candidate must not go live; undefined = it may. */
  readonly objection: string | undefined;
}

/** Share of the rows, the newest, that a trial needs. */
const HELD_BACK = 0.2;

/** The rows that the candidate may be made from, and the newest, which are held back for the trial. */
export function heldBackForTrial(series: Series): Pick<TrialSetup, 'before' | 'held'> {
  const count = series.timeMs.length;
  const cut = Math.ceil(count * (1 - HELD_BACK));
  return { before: rowsBetween(series, 0, cut), held: rowsBetween(series, cut, count) };
}

/** Corruptions to plant: two of each kind and size. */
const PLANTED = 24;
/** Rows of one: four times what opens an alert by default. */
const PLANTED_ROWS = 20;
/** Rows to calm down after one, beside those of a window. */
const CALM_ROWS = 30;
/** Rows that each model scores, at most: what bounds the trial on a slow device. */
const MOST_SCORED = 40_000;
/** Single rows exceed a level on episodes now and then. */
const MOST_TAIL = 1.2;
/** Chance that a model as good as the other is taken for one that finds less. */
const SIGNIFICANCE = 0.05;

/** Deterministic for a seed. Throws `CalibrationError` when a threshold cannot be fitted. */
export function tryOut(setup: TrialSetup): Trial {
  const { live, candidate, held, settings } = setup;
  const apart = Math.max(live.model.windowLength, candidate.model.windowLength) + CALM_ROWS;
  const random = createRandom(setup.seed);
  const planting = { count: PLANTED, rows: PLANTED_ROWS, apart };
  const most = Math.max(1, Math.floor(MOST_SCORED / held.timeMs.length) - 1);
  const plan = planCorruptions(held, planting, random).slice(0, most);
  const copies = plan.map((planned) => plant(held, planned, random));
  const runs = 2 * (1 + copies.length);
  let done = 0;
  const show = (contender: Contender) => {
    const run = (series: Series) => {
      const ran = runContender(contender, { before: setup.before, series }, settings, setup);
      setup.progress?.(++done / runs);
      return ran;
    };
    const calm = run(held);
    const found = plan.flatMap((planned, i) =>
      foundIn(planned, held, run(copies[i] as Series).openedMs),
    );
    return {
      falseAlarms: calm.openedMs.length,
      tail: calm.ratios.length > 0 ? quantile(calm.ratios, 0.99) : Number.POSITIVE_INFINITY,
      found,
    };
  };
  const [ofLive, ofCandidate] = [show(live), show(candidate)];
  const lost = count(ofLive.found, (found, i) => found && !ofCandidate.found[i]);
  const won = count(ofCandidate.found, (found, i) => found && !ofLive.found[i]);
  const showings = { live: counted(ofLive), candidate: counted(ofCandidate) };
  const planted = ofLive.found.length;
  return {
    rows: held.timeMs.length,
    planted,
    ...showings,
    objection: objectionTo(showings, { planted, lost, won }),
  };
}

/** Whether an alert opened within each. */
function foundIn(planned: readonly Corruption[], { timeMs }: Series, opened: readonly number[]) {
  return planned.map(({ row, rows }) => {
    const [fromMs = 0, toMs = 0] = [timeMs[row], timeMs[Math.min(timeMs.length, row + rows) - 1]];
    return opened.some((openedMs) => openedMs >= fromMs && openedMs <= toMs);
  });
}

interface Evidence {
  readonly planted: number;
  /** Corruptions that only the live model found, and only the candidate. */
  readonly lost: number;
  readonly won: number;
}

function objectionTo(
  { live, candidate }: { readonly live: Showing; readonly candidate: Showing },
  { planted, lost, won }: Evidence,
): string | undefined {
  if (candidate.falseAlarms > live.falseAlarms) {
    return `the new model raises ${candidate.falseAlarms} alerts on normal rows, the live model ${live.falseAlarms}`;
  }
  if (candidate.tail > MOST_TAIL * Math.max(live.tail, 1)) {
    return `one normal row in a hundred scores ${percent(candidate.tail)} of the level of the new model, and ${percent(live.tail)} of that of the live model`;
  }
  if (chance(lost, won) < SIGNIFICANCE) {
    return `the new model finds ${candidate.found} of ${planted} planted faults, the live model ${live.found}`;
  }
  return undefined;
}

/**
 * Chance of so many losses among the faults that only one of two equal models found: the exact form of the test of
 * McNemar 1947, "Note on the sampling error of the difference between correlated proportions or percentages".
 */
export function chance(lost: number, won: number): number {
  const n = lost + won;
  let term = 0.5 ** n;
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    if (k >= lost) sum += term;
    term *= (n - k) / (k + 1);
  }
  return sum;
}

function counted({ found, ...showing }: Omit<Showing, 'found'> & { found: readonly boolean[] }) {
  return { ...showing, found: count(found, (one) => one) };
}

function count<T>(items: readonly T[], counts: (item: T, index: number) => boolean | undefined) {
  return items.filter(counts).length;
}

function percent(ratio: number): string {
  return `${Math.round(100 * ratio)} %`;
}
