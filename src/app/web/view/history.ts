// The scores of the last hours or days for a plot: some hundred points, whatever the stream's interval.
import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../../core/store.ts';
import { round } from '../../../io/text/alert-payload.ts';
import type { ScorePoint } from './recent-scores.ts';

const HOUR_MS = 3_600_000;
/** More than a phone has pixels for, in a plot that is read at a glance. */
const POINTS = 300;
/** Rows of so many hours are read at once; between them the daemon does its work. */
const CHUNK_MS = 6 * HOUR_MS;

/** The highest score of each step, up to `toMs`. Throws `StoreError`. */
export async function scoreHistory(
  history: Pick<Store, 'peaks'>,
  streamId: string,
  toMs: number,
  hours: number,
): Promise<readonly ScorePoint[]> {
  const stepMs = Math.round((hours * HOUR_MS) / POINTS);
  const points: ScorePoint[] = [];
  // whole steps, so that none is split between two chunks
  const chunkMs = Math.ceil(CHUNK_MS / stepMs) * stepMs;
  const firstMs = Math.floor((toMs - hours * HOUR_MS) / stepMs) * stepMs;
  for (let fromMs = firstMs; fromMs <= toMs; fromMs += chunkMs) {
    const found = history.peaks(streamId, fromMs, Math.min(toMs, fromMs + chunkMs - 1), stepMs);
    for (const { timeMs, score } of found) points.push([timeMs, round(score)]);
    await turn();
  }
  return points;
}
