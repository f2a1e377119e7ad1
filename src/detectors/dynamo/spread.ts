/** What the heads said at their last run of how the next rows may lie about their means. */
export interface Spread {
  /**
   * How sure they are of the first `steps` steps together, 0 to 1: the geometric mean over the channels, because among
   * many there is always one that nobody foresees.
   */
  confidence(steps: number): number;
  /** Compares a normalised row, (C,), with what was said of that step, the first being 0. */
  compare(row: Float32Array, step: number): void;
  /** Of the last comparison, nats: of the channel that surprises most, and the mean over the channels. */
  readonly surprisal: number;
  readonly meanSurprisal: number;
}
