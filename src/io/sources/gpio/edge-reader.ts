/** One input line and how it is to be read. */
export interface Line {
  /** Offset on the chip (on a Pi the BCM number), or the kernel's name of the line, e.g. GPIO17. */
  readonly line: number | string;
  /** A low voltage counts as active. */
  readonly activeLow: boolean;
  readonly bias: 'as-is' | 'disabled' | 'pull-up' | 'pull-down';
  /** Shorter pulses are taken for bouncing contacts, milliseconds; 0 = none are. */
  readonly debounceMs: number;
}

/** 1 = active. */
export type Level = 0 | 1;

export interface Edge {
  /** Place of the line among those that were opened. */
  readonly index: number;
  /** The line became active. */
  readonly rising: boolean;
  /** On the clock of `monotonicMs`. */
  readonly atMs: number;
}

export interface OpenLines {
  /** Level of each line at the time of opening. */
  readonly levels: readonly Level[];
  /**
   * Tells of edges until the signal aborts, then lets go of the lines and resolves. Throws `SourceError` when the
   * reader ends by itself.
   */
  watch(onEdge: (edge: Edge) => void, signal: AbortSignal): Promise<void>;
}

/** Something that sees edges: the port that tests fill without a Pi. */
export interface EdgeReader {
  /** Throws `DeviceError` when this reader cannot work here, `SourceError` when the lines cannot be had now. */
  open(lines: readonly Line[], signal: AbortSignal): Promise<OpenLines>;
}

/** CLOCK_MONOTONIC, which is what the kernel stamps edges with and what Node's `hrtime` reads, milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
