// One curve over the whole run as SVG, drawn from the lowest and highest value of each column of pixels, so that a
// single bad row of a month is still seen. Each column says its time and values when it is pointed at.

import type { RunRecord } from '../../lab/judging/run-record.ts';
import { type Axis, linearAxis, logAxis, timeTicks } from '../../lab/plots/axes.ts';
import { escaped } from '../../lab/plots/svg.ts';

const WIDTH = 1040;
const LEFT = 60;
/** Half of a label that stands at the end of the axis of time. */
const RIGHT = 20;
const TOP = 8;
const TIME_HEIGHT = 16;
/** Ticks of an axis of values, one in so many pixels, and of the axis of time. */
const TICK_PX = 30;
const TIME_TICKS = 8;

export interface Strip {
  readonly values: readonly (number | null)[];
  /** The alert level row by row; 0 = none. */
  readonly level?: readonly number[];
  readonly logarithmic?: boolean;
  /** Without the labels of time. */
  readonly height: number;
  readonly unit?: string;
}

export function strip(run: RunRecord, { values, level = [], height, ...look }: Strip): string {
  const { logarithmic = false, unit = '' } = look;
  const rows = values.length;
  const x = (row: number): number => LEFT + (row / rows) * WIDTH;
  const bounds = boundsOf([...values, ...level.filter((value) => value > 0)], logarithmic);
  const axis = (logarithmic ? logAxis : linearAxis)(
    bounds,
    [height - 4, TOP],
    Math.max(2, Math.round(height / TICK_PX)),
  );
  const y = axis.at;
  const found = columns(values);
  const curve = found.map(
    ([row, min, max]) => `M${f(x(row))} ${f(y(min))}L${f(x(row))} ${f(y(max) - 0.5)}`,
  );
  const levels = columns(level.map((value) => (value > 0 ? value : null))).map(
    ([row, , max], i) => `${i === 0 ? 'M' : 'L'}${f(x(row))} ${f(y(max))}`,
  );
  return [
    `<svg viewBox="0 0 ${LEFT + WIDTH + RIGHT} ${height + TIME_HEIGHT}">`,
    ...gridOf(axis),
    ...markedOf(run, x, height),
    `<path class="curve" d="${curve.join('')}"/>`,
    levels.length > 0 ? `<path class="level" d="${levels.join('')}"/>` : '',
    ...timesOf(run, x, height),
    `<g class="points">${found.map((column) => point(column, run, x, unit)).join('')}</g>`,
    '</svg>',
  ].join('');
}

/** What is labelled, and the alerts. */
function markedOf(run: RunRecord, x: (row: number) => number, height: number): string[] {
  const labels = run.segments.map(
    ({ start, end }) =>
      `<rect class="label" x="${f(x(start))}" y="0" width="${f(Math.max(1, x(end) - x(start)))}" height="${height}"/>`,
  );
  const alerts = run.alerts.map(({ startMs, endMs }) => {
    const start = rowAt(run.timeMs, startMs);
    const end = endMs === null ? run.timeMs.length : rowAt(run.timeMs, endMs);
    return `<rect class="alert" x="${f(x(start))}" y="0" width="${f(Math.max(2, x(end) - x(start)))}" height="4"/>`;
  });
  return [...labels, ...alerts];
}

function gridOf({ ticks }: Axis): string[] {
  return ticks.map(
    ({ at, text }) =>
      `<path class="grid" d="M${LEFT} ${f(at)}h${WIDTH}"/><text class="axis" x="${LEFT - 6}" y="${f(at + 4)}" text-anchor="end">${text}</text>`,
  );
}

function timesOf({ timeMs }: RunRecord, x: (row: number) => number, height: number): string[] {
  const [first = 0, last = 0] = [timeMs[0], timeMs.at(-1)];
  const at = (time: number): number => x(rowAt(timeMs, time));
  return timeTicks([first, last], TIME_TICKS, at).map(
    (tick) =>
      `<text class="axis" x="${f(tick.at)}" y="${height + TIME_HEIGHT - 4}" text-anchor="middle">${tick.text}</text>`,
  );
}

type Column = readonly [row: number, min: number, max: number];

/** A place to point at, as high as the plot: the style sheet gives its size. */
function point(
  [row, min, max]: Column,
  { timeMs }: RunRecord,
  x: (row: number) => number,
  unit: string,
) {
  const time = new Date(timeMs[row] ?? 0).toISOString().slice(0, 19).replace('T', ' ');
  const value = min === max ? short(min) : `${short(min)} to ${short(max)}`;
  return `<rect x="${f(x(row))}"><title>${time}: ${escaped(`${value} ${unit}`.trim())}</title></rect>`;
}

/** Row, least and greatest value of each column of pixels that has a reading. */
function columns(values: readonly (number | null)[]): readonly Column[] {
  const size = Math.max(1, values.length / WIDTH);
  const found: Column[] = [];
  for (let from = 0; from < values.length; from += size) {
    const some = values
      .slice(Math.floor(from), Math.max(Math.floor(from) + 1, Math.floor(from + size)))
      .filter((value) => value !== null);
    if (some.length > 0) found.push([Math.floor(from), Math.min(...some), Math.max(...some)]);
  }
  return found;
}

/** A logarithmic axis starts at the least value above 0, but not more than six decades below the greatest. */
function boundsOf(
  values: readonly (number | null)[],
  logarithmic: boolean,
): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || (logarithmic && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return logarithmic ? [0.1, 1] : [0, 1];
  return logarithmic ? [Math.max(low, high / 1e6), high] : [low, high];
}

function rowAt(timeMs: readonly number[], time: number): number {
  const row = timeMs.findIndex((other) => other >= time);
  return row < 0 ? timeMs.length : row;
}

function f(value: number): string {
  return value.toFixed(1);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
