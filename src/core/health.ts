// How the daemon itself is doing.

export interface StreamHealth {
  readonly id: string;
  /** Rows scored since the daemon started. */
  readonly scored: number;
  /** Time of the newest scored row, Unix milliseconds; null = none yet, e.g. while the stream learns. */
  readonly lastMs: number | null;
  /** Score over level of that row. */
  readonly score: number | null;
  /** Time since a row was last scored, on a clock that is never set, seconds; null = none yet. */
  readonly silentS: number | null;
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
  readonly streams: readonly StreamHealth[];
}
