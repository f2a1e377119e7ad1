// The health of the daemon itself.
import type { ThresholdPromise } from './threshold.ts';

export interface StreamHealth {
  readonly id: string;
  /** Rows scored since the daemon started. */
  readonly scored: number;
  /** Time of the newest scored row, Unix milliseconds; null = none yet, e.g. while the stream learns. */
  readonly lastMs: number | null;
  /** Score over level of that row. */
  readonly score: number | null;
  /**
   * Time since a row was last scored, or since the first was due, on the monotonic clock, seconds;
   * null = the stream is not watched yet, e.g. while it learns, or is a recording.
   */
  readonly silentS: number | null;
  /** The scores of normal rows have changed; absent = no drift was found. */
  readonly drift?: {
    readonly sinceMs: number;
    /** Distance of the two distributions, 0 to 1. */
    readonly distance: number;
    /** Median of the newest scores over that of the first: above 1 = normal rows score higher. */
    readonly ratio: number;
  };
  /** Expected rate of false alarms; absent = its threshold is not set for a rate, or it is not watched. */
  readonly promise?: ThresholdPromise;
  /** Progress of a stream without a model; absent = it has one, or has had no row yet. */
  readonly learning?: {
    /** Rows so far, and how many of them were calm at the last check; null = there was no check yet. */
    readonly rows: number;
    readonly calmRows: number | null;
    /** Calm rows that are enough. */
    readonly neededRows: number;
  };
  /** It opens no alert: the daemon trains, or has just trained, on the machine that it measures. */
  readonly disturbed?: true;
  /** The training that is running; absent = none. */
  readonly training?: {
    readonly why: string;
    /** ISO 8601. */
    readonly startedAt: string;
    /** 0 to 1. */
    readonly fraction: number;
  };
}

export interface Health {
  readonly timeMs: number;
  readonly uptimeS: number;
  readonly rssBytes: number;
  /** Longest delay of the event loop in the last minute, milliseconds. */
  readonly eventLoopLagMs: number;
  /** Alert states that wait to be sent, by sink. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Alert states dropped unsent since the daemon started. */
  readonly dropped: number;
  /** Known problems, a line each. */
  readonly problems: readonly string[];
  readonly streams: readonly StreamHealth[];
}

/** How far the first lesson of a stream is, and how long it takes at least. */
export interface LearningProgress {
  /** 0 to 1; falls when a check finds that rows were not calm. */
  readonly fraction: number;
  /** Until enough rows have come, if all that come are calm, seconds. */
  readonly leftS: number;
}

export function learningProgress(
  { rows, calmRows, neededRows }: NonNullable<StreamHealth['learning']>,
  intervalMs: number,
): LearningProgress {
  const enough = Math.min(calmRows ?? rows, neededRows);
  return {
    fraction: neededRows > 0 ? enough / neededRows : 1,
    leftS: Math.round(((neededRows - enough) * intervalMs) / 1000),
  };
}
