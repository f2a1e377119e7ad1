// Outliers: single rows that are far from all others and occur once or twice.
//
// Notation   x scaled values of a channel; d distance from the median of the rows around.
import { median } from '../../engine/statistics.ts';
import type { ScaledRows } from './block-figures.ts';

/** An outlier is at least this many times as far out as the values that occur more often ... */
const TIMES_FARTHER = 2;
/** ... and at least this far, scaled. */
const LEAST_DISTANCE = 6;
/** Visits of an outlier at most; values that occur more often are rare but normal. */
const MOST_VISITS = 2;
/** Rows at most this far apart are one visit. */
const JOINED = 5;

/** Runs of outliers of one channel, ends exclusive; only rows with `calm` (N,) = 1 are considered. O(N log N). */
export function outliersOf(
  { values, width }: ScaledRows,
  channel: number,
  { calm, blockRows }: { readonly calm: Uint8Array; readonly blockRows: number },
): readonly (readonly [from: number, to: number])[] {
  const far = distances({ values, width }, channel, { calm, blockRows });
  const order = [...far.keys()]
    .filter((row) => (far[row] as number) > 0)
    .sort((a, b) => (far[b] as number) - (far[a] as number))
    .slice(0, MOST_VISITS * blockRows);
  let found = 0;
  for (let k = 1; k <= order.length; k++) {
    const here = far[order[k - 1] as number] as number;
    if (here < LEAST_DISTANCE) break;
    if (visitsOf(order.slice(0, k)) > MOST_VISITS) break;
    const next = k < order.length ? (far[order[k] as number] as number) : 0;
    if (here >= TIMES_FARTHER * next) found = k;
  }
  return runsOf(order.slice(0, found));
}

function runsOf(rows: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const row of [...rows].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === row) last[1] = row + 1;
    else runs.push([row, row + 1]);
  }
  return runs;
}

function visitsOf(rows: readonly number[]): number {
  const ascending = [...rows].sort((a, b) => a - b);
  return ascending.filter((row, i) => i === 0 || row - (ascending[i - 1] as number) > JOINED)
    .length;
}

/** (N,); 0 for rows that are not calm or have no reading. */
function distances(
  { values, width }: ScaledRows,
  channel: number,
  { calm, blockRows }: { readonly calm: Uint8Array; readonly blockRows: number },
): Float64Array {
  const far = new Float64Array(calm.length);
  for (let from = 0; from < calm.length; from += blockRows) {
    const rows: number[] = [];
    for (let row = from; row < Math.min(calm.length, from + blockRows); row++) {
      if (calm[row] === 1 && Number.isFinite(values[row * width + channel])) rows.push(row);
    }
    if (rows.length === 0) continue;
    const at = (row: number): number => values[row * width + channel] as number;
    const centre = median(rows.map(at));
    for (const row of rows) far[row] = Math.abs(at(row) - centre);
  }
  return far;
}
