/** What a threshold says of one score. */
export interface Verdict {
  readonly anomalous: boolean;
  /** The alert level in force, on the scale of the score. */
  readonly level: number;
}

/** The object that owns the alert level and adapts it. */
export interface Threshold {
  /** `scores` is (N,), of normal data held back from training. Throws `CalibrationError` if they do not suffice. */
  fit(scores: Float64Array): void;
  /** Pure: judging never moves the level. */
  judge(score: number): Verdict;
  /** To be called only with scores that were judged normal. */
  learn(score: number): void;
  /** To be called instead of `learn` with a score that was judged anomalous: its neighbours are suspect too. */
  reject(score: number): void;
}
