/** The result of a threshold for one score. */
export interface Verdict {
  readonly anomalous: boolean;
  /** The current alert level above the usual score, on the scale of the score. */
  readonly level: number;
  /** The usual score at that time; absent = 0. */
  readonly usual?: number;
  /**
   * How far an anomalous score is beyond all normal ones: the height at which the alert policy would open with it, over the
   * greatest such height of normal rows, both above the usual score. Above 1 = never seen; absent = unknown.
   */
  readonly beyondSeen?: number;
}

/** The height of a score above the usual one, over the level: 1 = at the level, 0 = usual or less. */
export function ratioOf(score: number, { level, usual = 0 }: Verdict): number {
  return Math.max(0, (score - usual) / level);
}

/** The expected rate of false alarms, and the amount of normal data that it is estimated from. */
export interface ThresholdPromise {
  /** Expected false alarms a day with the current level. */
  readonly falseAlarmsPerDay: number;
  /** False alarms a day that were requested for the level. */
  readonly asked: number;
  /** Time covered by the normal rows that the level is computed from, days. */
  readonly seenDays: number;
}

/** `quiet`: the score was measured during a silence or maintenance window. */
export type RejectReason = 'anomalous' | 'quiet';

/** The object that owns the alert level and adapts it. */
export interface Threshold {
  /** `scores` is (N,), of normal data held back from training, in time order. Throws `CalibrationError` if there are too few. */
  fit(scores: Float64Array): void;
  /** Pure: judging never moves the level. */
  judge(score: number): Verdict;
  /** To be called only with scores that were judged normal. */
  learn(score: number): void;
  /** To be called instead of `learn` with a score that is not normal: its neighbours may not be normal either. */
  reject(score: number, reason: RejectReason): void;
}

/** Passes a judged score to the threshold, to learn from or to reject; `quiet` is the reason of that name. */
export function teach(
  threshold: Threshold,
  score: number,
  { anomalous }: Verdict,
  quiet = false,
): void {
  if (quiet) threshold.reject(score, 'quiet');
  else if (anomalous) threshold.reject(score, 'anomalous');
  else threshold.learn(score);
}
