// How the daemon itself is doing.
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
   * Time since a row was last scored, or since the first one should have been, on a clock that is never set, seconds;
   * null = the stream is not watched yet, e.g. while it learns, or is a recording.
   */
  readonly silentS: number | null;
  /** The scores of normal rows are no longer what they were; absent = no drift shows. */
  readonly drift?: {
    readonly sinceMs: number;
    /** Distance of the two distributions, 0 to 1. */
    readonly distance: number;
    /** Median of the newest scores over that of the first: above 1 = normal rows look stranger. */
    readonly ratio: number;
  };
  /** How often it expects to be wrong; absent = its threshold is not set for a rate, or it is not watched. */
  readonly promise?: ThresholdPromise;
  /** How far a stream without a model is; absent = it has one, or has had no row yet. */
  readonly learning?: {
    /** Rows so far, and how many of them were calm when that was last looked at; null = not yet. */
    readonly rows: number;
    readonly calmRows: number | null;
    /** Calm rows that will do. */
    readonly neededRows: number;
  };
  /** A training that runs; absent = none. */
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
  /** Alert states that wait, by sink. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Alert states dropped unsent since the daemon started. */
  readonly dropped: number;
  /** What is wrong beyond these figures, a line each; empty = nothing is known to be. */
  readonly problems: readonly string[];
  readonly streams: readonly StreamHealth[];
}
