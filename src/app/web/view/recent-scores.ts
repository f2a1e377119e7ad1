// The newest scores of each stream, for the plot of the last minutes and for what a listener has not seen yet.
import type { ScoreReport } from '../../../core/sink.ts';
import { round } from '../../../io/text/alert-payload.ts';

/** Unix milliseconds, score over level. */
export type ScorePoint = readonly [timeMs: number, score: number];
export type ScorePoints = Readonly<Record<string, readonly ScorePoint[]>>;

export interface RecentScores {
  note(report: ScoreReport): void;
  /** The last minutes of every stream. */
  all(): ScorePoints;
  /** What came since this was last called. */
  fresh(): ScorePoints;
}

/** Of the newest score, in the time of the data. */
export const RECENT_MS = 300_000;
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
