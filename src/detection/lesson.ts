// Selects the calm rows of a recorded lesson, from which a model may learn what is normal.
import { channelsAt, rowOf, type Series } from '../core/series.ts';
import { quantileOfSorted } from '../engine/statistics.ts';
import type { Doubt } from './calm/gathered.ts';
import { judgeLesson } from './calm/judge-lesson.ts';
import { fitScaler, scaleInto } from './windows/scaler.ts';

export interface LessonDoubt extends Pick<Doubt, 'change' | 'when'> {
  /** Channel ids. */
  readonly channels: readonly string[];
  /** Times of the first and the last row. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface JudgedLesson {
  /** The rows for training. */
  readonly calm: Series;
  /** The other rows, oldest first; both ends of each stretch are inclusive. */
  readonly leftOut: readonly Stretch[];
  /** Longest first; none = all rows are calm. */
  readonly doubts: readonly LessonDoubt[];
}

/** Share of the readings on each side that the scale ignores: a single extreme row would compress a channel. */
const TAIL = 0.005;

/**
 * A point of a channel in % is nothing to wait for: on a quiet machine the daemon itself and the page cache move memory by a
 * tenth of one, which is many deviations of a channel that hardly moves. One scaled unit is this at least.
 */
const PERCENT_FLOOR = 1;

/**
 * The smallest step of a channel that counts in steps, as Linux counts open files by 32, is at most half a unit, unless it is a
 * greater share than this of the value: on and off differ by a step, too.
 */
const STEP_SHARE = 0.1;
const LEAST_STEPS = 2;

/** Pure. O(N C log N). A series without any reading has no calm row. */
export function judgedLesson(series: Series): JudgedLesson {
  const places = [...series.channels.keys()].filter((place) => isRead(series, place));
  if (places.length === 0) return judged(series, new Uint8Array(series.timeMs.length), []);
  const read = channelsAt(series, places);
  const fitted = fitScaler('robust', withoutTails(read));
  const scaler = {
    ...fitted,
    scale: fitted.scale.map((unit, place) => Math.max(unit, leastUnit(read, place))),
    clip: Number.POSITIVE_INFINITY, // the height distinguishes outliers from bursts
  };
  const values = new Float32Array(read.values.length);
  for (let row = 0; row < read.timeMs.length; row++) {
    scaleInto(scaler, rowOf(read, row), values, row * places.length);
  }
  const { calm, doubts } = judgeLesson({ values, width: places.length });
  return judged(read, calm, doubts, series);
}

/** What is worth telling apart in a channel, in its unit. */
function leastUnit({ channels, values }: Series, place: number): number {
  const readings = new Float64Array(values.length / channels.length);
  let count = 0;
  for (let i = place; i < values.length; i += channels.length) {
    const value = values[i] as number;
    if (Number.isFinite(value)) readings[count++] = value;
  }
  const sorted = readings.subarray(0, count).sort();
  let step = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) {
    const gap = (sorted[i] as number) - (sorted[i - 1] as number);
    if (gap > 0 && gap < step) step = gap;
  }
  const usual = Math.abs(sorted[sorted.length >> 1] as number);
  return Math.max(
    channels[place]?.unit === '%' ? PERCENT_FLOOR : 0,
    step <= STEP_SHARE * usual ? LEAST_STEPS * step : 0,
  );
}

function judged(
  read: Series,
  calm: Uint8Array,
  doubts: readonly Doubt[],
  series: Series = read,
): JudgedLesson {
  const timeAt = (row: number): number => series.timeMs[row] as number;
  return {
    calm: calmPart(series, calm),
    leftOut: stretchesOf(calm).map(([from, to]) => ({ fromMs: timeAt(from), toMs: timeAt(to) })),
    doubts: doubts.map(({ change, when, channels, from, to }) => ({
      ...{ change, when, fromMs: timeAt(from), toMs: timeAt(to - 1) },
      channels: channels.map((place) => read.channels[place]?.id ?? ''),
    })),
  };
}

/** First and last row of each run of zeros. */
function stretchesOf(calm: Uint8Array): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (const [row, flag] of calm.entries()) {
    if (flag === 1) continue;
    const last = stretches.at(-1);
    if (last && last[1] === row - 1) last[1] = row;
    else stretches.push([row, row]);
  }
  return stretches;
}

function isRead({ channels, values }: Series, place: number): boolean {
  for (let i = place; i < values.length; i += channels.length) {
    if (Number.isFinite(values[i])) return true;
  }
  return false;
}

function withoutTails(series: Series): Series {
  const width = series.channels.length;
  const values = series.values.slice();
  for (let place = 0; place < width; place++) {
    const readings = Float64Array.from(
      series.timeMs,
      (_, row) => values[row * width + place] as number,
    )
      .filter(Number.isFinite)
      .sort();
    const low = quantileOfSorted(readings, TAIL);
    const high = quantileOfSorted(readings, 1 - TAIL);
    for (let i = place; i < values.length; i += width) {
      const value = values[i] as number;
      if (value < low || value > high) values[i] = Number.NaN;
    }
  }
  return { ...series, values };
}

function calmPart(series: Series, calm: Uint8Array): Series {
  const width = series.channels.length;
  const rows = [...series.timeMs.keys()].filter((row) => calm[row] === 1);
  const values = new Float64Array(rows.length * width);
  for (const [to, row] of rows.entries()) values.set(rowOf(series, row), to * width);
  const timeMs = Float64Array.from(rows, (row) => series.timeMs[row] as number);
  return { ...series, timeMs, values };
}
