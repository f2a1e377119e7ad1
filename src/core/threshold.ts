/** What a threshold says of one score. */
export interface Verdict {
  readonly anomalous: boolean;
  /** The alert level in force above what is usual, on the scale of the score. */
  readonly level: number;
  /** What scores usually are at the time; absent = 0. */
  readonly usual?: number;
}

/** The height of a score above what is usual, over the level: 1 = at the level, 0 = usual or less. */
export function ratioOf(score: number, { level, usual = 0 }: Verdict): number {
  return Math.max(0, (score - usual) / level);
}

/** How often a threshold expects to be wrong, and from how much of normal it knows that. */
export interface ThresholdPromise {
  /** False alarms that are expected a day with the level in force. */
  readonly falseAlarmsPerDay: number;
  /** False alarms a day that the level was to be set for. */
  readonly asked: number;
  /** Time covered by the normal rows that the level rests on, days. */
  readonly seenDays: number;
}

/** `quiet`: whatever the score, it was measured while somebody was at work on what is watched. */
export type RejectReason = 'anomalous' | 'quiet';

/** The object that owns the alert level and adapts it. */
export interface Threshold {
  /** `scores` is (N,), of normal data held back from training, in time order. Throws `CalibrationError` if they do not suffice. */
  fit(scores: Float64Array): void;
  /** Pure: judging never moves the level. */
  judge(score: number): Verdict;
  /** To be called only with scores that were judged normal. */
  learn(score: number): void;
  /** To be called instead of `learn` with a score that is no example of normal: its neighbours are suspect too. */
  reject(score: number, reason: RejectReason): void;
}

/** Has a threshold know of a score that it has judged; `quiet` is the reason of that name. */
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
