// Finds the counters of a recording: channels whose readings only grow, and so leave any range in time.
//
// Notation   n readings of a channel, those that are not finite left out; steps are their n - 1 differences.
import { ConfigError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { quantileOfSorted, sorted } from '../../engine/statistics.ts';
import type { ChannelRate } from '../../models/model.ts';
import { type CounterHint, counterHintOf, rateUnitOf } from './counter-hints.ts';

/** Channels by id: true = a counter, false = not a counter. Overrides the detection by readings. */
export type ToldCounters = Readonly<Record<string, boolean>>;

/**
 * Least number of growths per restart, and per correction downwards, of a counter; with fewer it is a periodic signal. A
 * counter with hourly readings that restarts each day has only 23, so it must be recognised by its unit.
 */
const GROWTHS_A = {
  restart: { total: 10, likely: 50, unknown: 50 },
  drop: { total: 100, likely: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY },
};
/** Least number of growths, with some in both halves, of a channel with the name of a counter. */
const LIKELY_GROWTHS = 10;
/** Limits for a counter that neither name nor unit indicates. */
const UNKNOWN = { growths: 100, parts: 10, growing: 0.5, growth: 0.01, turning: 0.25 };
/** Quantile of the rests between steps that counts as the usual rest. */
const LONG_REST = 0.9;
/** Greatest possible growth of a row: `times` the `quantile` of the growths. */
const POSSIBLE = { quantile: 0.99, times: 10 };

/**
 * The counters among the channels, with how they become rates on a grid of `intervalMs`.
 *
 * A counter never falls, except for rare restarts from 0. In a short lesson a level may look the same, so name and unit
 * count as well. A unit of energy is sufficient. A channel with the name or unit of a counter must also grow several times.
 * A channel with a momentary unit (°C, %, W, 1/s, GB), or named used, free or level, is never a counter. All others must
 * grow in most rows of each tenth of the recording (a disk rests often), by more than a hundredth of their readings (a disk
 * fills slowly), and irregularly (a rising temperature changes smoothly), unless they are whole numbers.
 *
 * O(N C log N). Throws `ConfigError` if `told` names an unknown channel.
 */
export function findCounters(
  series: Series,
  intervalMs: number,
  told: ToldCounters = {},
): readonly ChannelRate[] {
  requireCounters(series.id, series.channels, told);
  return series.channels.flatMap((channel, c) => {
    const hint = counterHintOf(channel);
    const said = told[channel.id];
    if (said === false || (hint === 'level' && !said)) return [];
    const readings = readingsOf(series, c);
    if (!said && hint !== 'level' && !isCounter(stepsOf(readings), hint)) return [];
    return [{ channel: c, ...rateUnitOf(channel.unit), ...pace(readings, intervalMs) }];
  });
}

/** Throws `ConfigError` if `told` names a channel that `id` does not have. */
export function requireCounters(
  id: string,
  channels: readonly Channel[],
  told: ToldCounters,
): void {
  const known = new Set(channels.map((channel) => channel.id));
  const unknown = Object.keys(told).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `counters name ${unknown.join(', ')}, which '${id}' does not have: choose from ${[...known].join(', ')}`,
    { code: 'SEN_CFG_UNKNOWN_CHANNEL' },
  );
}

interface Readings {
  readonly values: Float64Array;
  readonly timeMs: Float64Array;
}

function readingsOf({ channels, timeMs, values }: Series, c: number): Readings {
  const width = channels.length;
  const rows = [...timeMs.keys()].filter((row) => Number.isFinite(values[row * width + c]));
  return {
    values: Float64Array.from(rows, (row) => values[row * width + c] as number),
    timeMs: Float64Array.from(rows, (row) => timeMs[row] as number),
  };
}

interface Steps {
  readonly values: Float64Array;
  /** (n - 1,) differences of neighbouring readings; for a restart, the reading after it. */
  readonly growth: Float64Array;
  readonly restarts: number;
  /** Drops that are not restarts. */
  readonly drops: number;
}

function stepsOf({ values }: Readings): Steps {
  let [restarts, drops] = [0, 0];
  const growth = values.slice(1).map((value, i) => {
    const before = values[i] as number;
    if (value >= before) return value - before;
    const isRestart = value >= 0 && value < before - value; // same rule as in `CounterRate`
    if (isRestart) restarts++;
    else drops++;
    return isRestart ? value : value - before;
  });
  return { values, growth, restarts, drops };
}

function isCounter(steps: Steps, hint: Exclude<CounterHint, 'level'>): boolean {
  const { growth, restarts, drops, values } = steps;
  const grown = growth.filter((step) => step > 0).length;
  if (values.length < 2) return false;
  if (restarts > 0 && grown < GROWTHS_A.restart[hint] * restarts) return false;
  if (drops > 0 && grown < GROWTHS_A.drop[hint] * drops) return false;
  switch (hint) {
    case 'total':
      return true;
    case 'likely':
      return grown >= LIKELY_GROWTHS && growsInAll(growth, 2, 0);
    case 'unknown':
      return grown >= UNKNOWN.growths && growsAsCountersDo(steps);
  }
}

function growsAsCountersDo({ values, growth, restarts }: Steps): boolean {
  const last = values.at(-1) as number;
  const sum = growth.reduce((all, step) => all + step, 0);
  const isSlow = restarts === 0 && sum < UNKNOWN.growth * Math.abs(last);
  if (isSlow || !growsInAll(growth, UNKNOWN.parts, UNKNOWN.growing)) return false;
  return isIrregular(growth) || values.every(Number.isInteger);
}

/** Whether more than this share of the steps of each part are growth. */
function growsInAll(growth: Float64Array, parts: number, share: number): boolean {
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part, part + 1].map((p) => Math.floor((p * growth.length) / parts));
    const steps = growth.subarray(from, to);
    return steps.filter((step) => step > 0).length > share * steps.length;
  }).every(Boolean);
}

/** Whether growth alternates between more and less as random growth does (2 of 3 times), and unlike a smooth curve. */
function isIrregular(growth: Float64Array): boolean {
  const changes = growth
    .slice(1)
    .map((step, i) => Math.sign(step - (growth[i] as number)))
    .filter((sign) => sign !== 0);
  const turns = changes.filter((sign, i) => i > 0 && sign !== changes[i - 1]).length;
  return turns > UNKNOWN.turning * growth.length;
}

/** Frequency and size of a counter's steps. */
function pace(
  { values, timeMs }: Readings,
  intervalMs: number,
): Pick<ChannelRate, 'usual' | 'rest' | 'step' | 'most'> {
  const rowsTo = (i: number, from: number): number =>
    Math.max(1, Math.round(((timeMs[i] as number) - (timeMs[from] as number)) / intervalMs));
  const rests: number[] = [];
  const growths: number[] = [];
  const perRow: number[] = [];
  let stepped: number | undefined;
  for (let i = 1; i < values.length; i++) {
    const growth = (values[i] as number) - (values[i - 1] as number);
    if (growth <= 0) continue;
    if (stepped !== undefined) rests.push(rowsTo(i, stepped));
    stepped = i;
    growths.push(growth);
    perRow.push(growth / rowsTo(i, i - 1));
  }
  if (growths.length === 0) return { usual: 0, rest: 1, step: 0, most: 0 };
  return {
    usual: growths.reduce((sum, growth) => sum + growth, 0) / rowsTo(values.length - 1, 0),
    rest: rests.length === 0 ? 1 : Math.round(quantileOf(rests, LONG_REST)),
    step: quantileOf(growths, 0.5),
    most: POSSIBLE.times * quantileOf(perRow, POSSIBLE.quantile),
  };
}

function quantileOf(values: readonly number[], share: number): number {
  return quantileOfSorted(sorted(values), share);
}
