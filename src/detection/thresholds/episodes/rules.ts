// Constants of the decision on episodes. They are not options: scripts/decision-ablation.ts measures the effect of each.

/** Running baseline of the scores. */
export interface BaselineRules {
  /** The baseline is the median of this many slots: a lasting level becomes the baseline after half of them. */
  readonly slots: number;
  /** Infinity = it stays at the median of the calibration. */
  readonly slotMs: number;
  /** Whether it is never below the median of the calibration. */
  readonly floored: boolean;
}

export interface EpisodeRules {
  /** undefined = scores are judged as they are. */
  readonly baseline: BaselineRules | undefined;
  /** Heights above this share of the calibration's belong to an episode. */
  readonly gate: number;
  /** Consecutive heights at or below the gate that end an episode, rows. */
  readonly apart: number;
  /** An episode ends after this many rows, so that the peak of a lasting load is counted. */
  readonly longest: number;
  /**
   * Share of the accepted false alarms that the level is set for. The rest is a reserve for rows unlike those seen so
   * far.
   */
  readonly spent: number;
  /**
   * When this many false alarms would have been due and this many days have passed, all rows and peaks so far count half, so
   * that the level adapts to a machine that changes.
   */
  readonly halvedAfter: { readonly due: number; readonly days: number };
  /** Whether episodes that became alerts are recorded. A level that learns only from scores below it falls without end. */
  readonly alertsCount: boolean;
  /**
   * An alert is recorded with at most this multiple of the level in force; otherwise one large fault would raise the
   * level for days.
   */
  readonly mostAbove: number;
  /**
   * Until the first false alarm is due, the level is the greatest episode of the calibration, grown by
   * max(1, (full / n)^power), n = calibration scores. A calibration also sets the scale of its own scores, so later scores
   * are higher, especially with a small n. Chosen on shortened lessons: lab/evaluation/NOTES.md.
   */
  readonly firstMargin: { readonly full: number; readonly power: number };
  /**
   * Until then the level grows by this factor after an alert, at most once an hour, so that a recurring alert is not
   * repeated all day.
   */
  readonly raise: number;
}

export const EPISODE_RULES = {
  baseline: { slots: 36, slotMs: 300_000, floored: true },
  gate: 0.8,
  apart: 10,
  longest: 300,
  spent: 0.85,
  halvedAfter: { due: 10, days: 10 },
  alertsCount: true,
  mostAbove: 3,
  firstMargin: { full: 930, power: 2 / 3 },
  raise: 1.25,
} as const satisfies EpisodeRules;
