// Scores for the plots of the page: of the last minutes from memory, of hours or days from the history.
import { setImmediate as turn } from 'node:timers/promises';
import type { ScoreReport } from '../../../core/sink.ts';
import type { Store } from '../../../core/store.ts';
import { round } from '../../../io/text/alert-payload.ts';

/** Unix milliseconds, score over level. */
type ScorePoint = readonly [timeMs: number, score: number];
type ScorePoints = Readonly<Record<string, readonly ScorePoint[]>>;

interface RecentScores {
  note(report: ScoreReport): void;
  /** The last minutes of every stream. */
  all(): ScorePoints;
  /** What came since this was last called. */
  fresh(): ScorePoints;
}

/** Of the newest score, in the time of the data. */
const RECENT_MS = 300_000;
/** Faster streams show the highest score of each step. */
const STEP_MS = 1000;
/** Streams whose clock goes back start anew. */
const MOST_POINTS = RECENT_MS / STEP_MS;

export function createRecentScores(): RecentScores {
  const kept = new Map<string, ScorePoint[]>();
  let fresh = new Map<string, ScorePoint[]>();
  return {
    note({ streamId, timeMs, score }) {
      if (!Number.isFinite(score)) return;
      const point: ScorePoint = [timeMs, round(score)];
      append(pointsOf(kept, streamId), point);
      append(pointsOf(fresh, streamId), point);
    },
    all: () => Object.fromEntries(kept),
    fresh() {
      const points = Object.fromEntries(fresh);
      fresh = new Map();
      return points;
    },
  };
}

function pointsOf(streams: Map<string, ScorePoint[]>, id: string): ScorePoint[] {
  const points = streams.get(id) ?? [];
  streams.set(id, points);
  return points;
}

function append(points: ScorePoint[], point: ScorePoint): void {
  const last = points.at(-1);
  if (last && point[0] < last[0]) points.length = 0;
  else if (last && sameStep(last, point)) points.pop();
  points.push(last && sameStep(last, point) ? [last[0], Math.max(last[1], point[1])] : point);
  while (points.length > MOST_POINTS || outOfDate(points, point)) points.shift();
}

function sameStep([a]: ScorePoint, [b]: ScorePoint): boolean {
  return Math.floor(a / STEP_MS) === Math.floor(b / STEP_MS);
}

function outOfDate([first]: readonly ScorePoint[], [timeMs]: ScorePoint): boolean {
  return first !== undefined && first[0] < timeMs - RECENT_MS;
}

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
