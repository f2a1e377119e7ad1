import type { Window } from './window.ts';

/** A detector's result for one window. */
export interface Score {
  /** >= 0, higher is more anomalous, on the detector's own scale; `value / level` is what users see. */
  readonly value: number;
  /** (C,) share of each channel; sums to `value`. */
  readonly perChannel: Float32Array;
  /** (C,) what the newest row should have been, scaled like the window. */
  readonly expected?: Float32Array;
  /** The score without the scores held from earlier rows; absent = none are held. */
  readonly newest?: Score;
}

/**
 * The score that alerts are decided on. A score held from earlier rows ranks rows better, because faulty rows follow each
 * other; but it shows that a fault is near, not that there is a new one.
 */
export function alertScore(score: Score): Score {
  return score.newest ?? score;
}

/**
 * Scores windows. `score` is pure: the same window gives the same score. The one exception is a forecaster that uses one
 * forecast for several rows (`dynamo`): it may score a row by an earlier forecast. Throws `ShapeError` unless (T, C) fit.
 */
export interface Detector {
  readonly kind: string;
  /** T the detector needs, rows. */
  readonly windowLength: number;
  /** Rows of the shortest window that it can score, while a stream warms up; absent = `windowLength`. */
  readonly leastLength?: number;
  score(window: Window): Score;
}
