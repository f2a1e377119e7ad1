// Variants of the decision from score to alert: the default with one part left out or changed, and other thresholds.
import type { AlertOptions } from '../../src/detection/alerts/alert-options.ts';
import type { ThresholdPlugin } from '../../src/detection/threshold-plugin.ts';
import {
  type BaselineRules,
  EPISODE_RULES,
  type EpisodeRules,
} from '../../src/detection/thresholds/episodes/rules.ts';
import { episodesWith } from '../../src/detection/thresholds/episodes.ts';
import { DEFAULT_THRESHOLD, thresholds } from '../../src/detection/thresholds/index.ts';

type Opening = Pick<
  AlertOptions,
  'openCount' | 'openWithin' | 'falseAlarmsPerDay' | 'withinRangesAt'
>;

export interface Variant {
  readonly name: string;
  /** Absent = the default threshold. */
  readonly threshold?: ThresholdPlugin | undefined;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Rows that the threshold counts as an opening; absent = as the policy opens. */
  readonly counted?: Partial<Opening>;
  /** What differs from the default: rows that open an alert, 3 of 5; the rate asked for, one a day; the part of the channels. */
  readonly opening?: Partial<Opening>;
  /** Whether heights are differences of the scores as they are, also where these are logarithms. */
  readonly asLogarithms?: boolean;
  /** Scores that alerts are decided on; absent = those of the newest row. */
  readonly scores?: 'held';
}

const NEVER = Number.POSITIVE_INFINITY;
const MINUTE_MS = 60_000;
const NO_MARGIN: EpisodeRules['firstMargin'] = { full: 0, power: 1 };
const SINGLE: Partial<Opening> = { openCount: 1, openWithin: 1 };

const rules = (name: string, changed: Partial<EpisodeRules>): Variant => ({
  ...{ name, threshold: episodesWith(changed) },
});
const baseline = (name: string, changed: Partial<BaselineRules>): Variant =>
  rules(name, { baseline: { ...EPISODE_RULES.baseline, ...changed } });
const other = (kind: string, options: Variant['options'] = {}, name = `\`${kind}\``): Variant => ({
  ...{ name, threshold: thresholds.get(kind), options },
});

/** Each part left out, then other thresholds. The first is the default. */
export const PARTS: readonly Variant[] = [
  { name: `default (\`${DEFAULT_THRESHOLD}\`)` },
  rules('no baseline', { baseline: undefined }),
  baseline("baseline stays at the calibration's median", { slotMs: NEVER }),
  baseline("baseline may fall below the calibration's median", { floored: false }),
  { name: 'single rows counted, 3 of 5 open', counted: SINGLE },
  { name: 'single rows counted, one opens', opening: SINGLE },
  rules('no episodes: each row counts', { apart: 1, longest: 1 }),
  rules('episodes of any length', { longest: NEVER }),
  rules('no share kept in reserve', { spent: 1 }),
  rules('nothing counts half', { halvedAfter: { due: NEVER, days: NEVER } }),
  rules('alerts are not recorded', { alertsCount: false }),
  rules('alerts are recorded whole', { mostAbove: NEVER }),
  rules('no margin for short lessons', { firstMargin: NO_MARGIN }),
  rules('no hourly raise', { raise: 1 }),
  rules('neither margin nor raise', { firstMargin: NO_MARGIN, raise: 1 }),
  rules('nothing is counted: the first level and its raises alone', { spent: 0 }),
  { name: 'no agreement of the channels', opening: { withinRangesAt: 0 } },
  { name: 'never without their agreement', opening: { withinRangesAt: Number.MAX_VALUE } },
  { name: 'heights of logarithms', asLogarithms: true },
  { name: 'held scores', scores: 'held' },
  ...[0.5, 0.2, 0.14, 0.1, 0.05].map((rate) => ({
    ...{ name: `default, ${rate} false alarms a day`, opening: { falseAlarmsPerDay: rate } },
  })),
  other('pot'),
  other('dspot'),
  other('quantile'),
  other('quantile', { quantile: 1 }, 'the greatest calibration score'),
];

/** Other constants. The first is the default. */
export const PLAN: readonly Variant[] = [
  ...PARTS.slice(0, 1),
  ...[0.5, 0.7, 0.8, 0.9, 0.95].map((spent) => rules(`share ${spent}`, { spent })),
  ...[1.1, 1.5, 2].map((raise) => rules(`raise ${raise}`, { raise })),
  ...[0.5, 0.6, 0.75, 1].map((power) =>
    rules(`margin of power ${power}`, { firstMargin: { ...EPISODE_RULES.firstMargin, power } }),
  ),
  ...[500, 700, 1200, 1600].map((full) =>
    rules(`margin up to ${full} rows`, { firstMargin: { ...EPISODE_RULES.firstMargin, full } }),
  ),
  ...[1, 1.1, 1.5, 2].map((mostAbove) => rules(`clip ${mostAbove}`, { mostAbove })),
  ...[15, 30, 120, 240].map((slots) => baseline(`${slots} slots`, { slots })),
  ...[1, 2, 10, 20].map((minutes) =>
    baseline(`slots of ${minutes} minutes`, { slotMs: minutes * MINUTE_MS }),
  ),
  ...[3, 5, 20, 30].map((days) =>
    rules(`half after ${days} days`, { halvedAfter: { due: days, days } }),
  ),
  ...[1, 2, 4].map((height) => ({
    ...{ name: `within ranges from ${height} on`, opening: { withinRangesAt: height } },
  })),
  ...[0.5, 0.7, 0.9, 0.95].map((gate) => rules(`gate ${gate}`, { gate })),
  ...[3, 5, 20, 60].map((apart) => rules(`${apart} rows apart`, { apart })),
  ...[60, 100, 1000].map((longest) => rules(`episodes of ${longest} rows at most`, { longest })),
];
