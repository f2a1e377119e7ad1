// One curve over the whole run as SVG, drawn from the lowest and highest value of each column of pixels, so that a
// single bad row of a month is still seen.
import type { RunRecord } from '../../lab/judging/run-record.ts';

const WIDTH = 1060;
const LEFT = 60;

export interface Strip {
  readonly values: readonly (number | null)[];
  /** The alert level row by row; 0 = none. */
  readonly level?: readonly number[];
  readonly logarithmic?: boolean;
  readonly height: number;
}

export function strip(
  run: RunRecord,
  { values, level = [], logarithmic = false, height }: Strip,
): string {
  const rows = values.length;
  const x = (row: number): number => LEFT + (row / rows) * WIDTH;
  const drawn = [...values, ...level.filter((value) => value > 0)];
  const [low, high] = bounds(drawn, logarithmic);
  const y = (value: number): number => {
    const [v, a, b] = logarithmic
      ? [Math.log(Math.max(value, low)), Math.log(low), Math.log(high)]
      : [value, low, high];
    return height - 4 - ((v - a) / (b - a || 1)) * (height - 12);
  };
  const labels = run.segments.map(
    ({ start, end }) =>
      `<rect class="label" x="${f(x(start))}" y="0" width="${f(Math.max(1, x(end) - x(start)))}" height="${height}"/>`,
  );
  const alerts = run.alerts.map(({ startMs, endMs }) => {
    const start = rowAt(run.timeMs, startMs);
    const end = endMs === null ? rows : rowAt(run.timeMs, endMs);
    return `<rect class="alert" x="${f(x(start))}" y="0" width="${f(Math.max(2, x(end) - x(start)))}" height="4"/>`;
  });
  const curve = columns(values).map(
    ([row, min, max]) => `M${f(x(row))} ${f(y(min))}L${f(x(row))} ${f(y(max) - 0.5)}`,
  );
  const levels = columns(level.map((value) => (value > 0 ? value : null))).map(
    ([row, , max], i) => `${i === 0 ? 'M' : 'L'}${f(x(row))} ${f(y(max))}`,
  );
  return [
    `<svg viewBox="0 0 ${LEFT + WIDTH} ${height}">`,
    ...labels,
    `<path class="curve" d="${curve.join('')}"/>`,
    levels.length > 0 ? `<path class="level" d="${levels.join('')}"/>` : '',
    ...alerts,
    `<text class="axis" x="0" y="12">${short(high)}</text><text class="axis" x="0" y="${height - 3}">${short(low)}</text>`,
    '</svg>',
  ].join('');
}

/** Row, least and greatest value of each column of pixels that has a reading. */
function columns(
  values: readonly (number | null)[],
): readonly (readonly [number, number, number])[] {
  const size = Math.max(1, values.length / WIDTH);
  const found: (readonly [number, number, number])[] = [];
  for (let from = 0; from < values.length; from += size) {
    const some = values
      .slice(Math.floor(from), Math.max(Math.floor(from) + 1, Math.floor(from + size)))
      .filter((value) => value !== null);
    if (some.length > 0) found.push([Math.floor(from), Math.min(...some), Math.max(...some)]);
  }
  return found;
}

/** A logarithmic axis starts at the least value above 0, but not more than six decades below the greatest. */
function bounds(
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
  return String(Number(value.toPrecision(3)));
}
