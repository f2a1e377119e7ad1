import type { Window } from './window.ts';

/** What a detector says of one window. */
export interface Score {
  /** >= 0, higher is more anomalous, on the detector's own scale; `value / level` is what users see. */
  readonly value: number;
  /** (C,) share of each channel; sums to `value`. */
  readonly perChannel: Float32Array;
  /** (C,) what the newest row should have been, scaled like the window. */
  readonly expected?: Float32Array;
  /** What would be said if no earlier row were held; absent = none is. */
  readonly newest?: Score;
}

/**
 * The score that alerts are decided on. One that is held ranks rows better, because faults come in crowds; but it says that
 * a fault is near, and not that there is a new one.
 */
export function alertScore(score: Score): Score {
  return score.newest ?? score;
}

/**
 * Scores windows. `score` is pure: same window, same score. The one exception is a forecaster that is told to use a
 * forecast for several rows (`dynamo`): there a row may be scored by what was forecast before. Throws `ShapeError` unless
 * (T, C) fit.
 */
export interface Detector {
  readonly kind: string;
  /** T the detector needs, rows. */
  readonly windowLength: number;
  /** Rows of the shortest window it can score, while a stream warms up; `windowLength` where absent. */
  readonly leastLength?: number;
  score(window: Window): Score;
}
