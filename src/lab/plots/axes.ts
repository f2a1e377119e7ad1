// Axes with round numbers, units of a size that can be read, and times where people expect them.
import { scaleLinear, scaleLog, scaleUtc } from 'd3-scale';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Axis {
  /** Place of a value, in pixels. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}

type Pair = readonly [number, number];

/** At values from here on, and below the next, digits are counted as in 1.2M and 3e-5. */
const LARGE = 1e5;
const SMALL = 1e-3;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** `about` is the number of ticks that is aimed at. The axis is made longer so that it ends at ticks. */
export function linearAxis(domain: Pair, range: Pair, about: number): Axis {
  const scale = scaleLinear(widened(domain), range).nice(about);
  const most = Math.max(...scale.domain().map(Math.abs));
  const written = most >= LARGE ? '~s' : most < SMALL ? '~e' : undefined;
  const format = scale.tickFormat(about, written);
  const text = (value: number): string => (value === 0 && written ? '0' : format(value));
  return {
    at: scale,
    ticks: scale.ticks(about).map((value) => ({ at: scale(value), text: text(value) })),
  };
}

/** The lowest of `domain` is above 0; what is below it has its place. */
export function logAxis(domain: Pair, range: Pair, about: number): Axis {
  const scale = scaleLog(widened(domain), range).nice().clamp(true);
  const text = scale.tickFormat(about, '~g');
  const ticks = scale
    .ticks(about)
    .map((value) => ({ at: scale(value), text: text(value) }))
    .filter((tick) => tick.text !== '');
  return { at: scale, ticks };
}

/** Times in UTC, as far as they lie within; `at` says where a time is drawn. */
export function timeTicks(domain: Pair, about: number, at: (timeMs: number) => number): Tick[] {
  const scale = scaleUtc().domain(domain);
  const text = scale.tickFormat(about, timeFormat(domain[1] - domain[0]));
  return scale.ticks(about).map((time) => ({ at: at(time.getTime()), text: text(time) }));
}

/** Seconds, minutes or days, as far as the times of an axis are apart. */
function timeFormat(spanMs: number): string {
  if (spanMs < 10 * MINUTE_MS) return '%H:%M:%S';
  return spanMs < 2 * DAY_MS ? '%H:%M' : '%-d %b';
}

/** Steps of an axis that is shorter have no exact numbers. */
const SHORTEST = 1e-290;

/** One value alone has no axis: some room is made around it. */
function widened([low, high]: Pair): Pair {
  if (high - low > SHORTEST) return [low, high];
  if (high > low) return [low - SHORTEST, high + SHORTEST];
  return low > 0 ? [low / 2, low * 2] : [low - 1, low + 1];
}
