// One reading of a stream: windows, scores and alerts are made from it.

/** One watched quantity, e.g. `cpu.user` in `%`. */
export interface Channel {
  readonly id: string;
  readonly unit: string;
}

/** Reads `cpu.user[%]`: a channel and its unit as in CSV headers and options. */
export function parseChannel(text: string): Channel {
  const match = /^(.*?)\s*\[([^[\]]*)\]$/.exec(text.trim());
  return match ? { id: match[1] ?? '', unit: match[2] ?? '' } : { id: text.trim(), unit: '' };
}

/**
 * Smaller changes are no faults. Without this limit a channel that hardly moved during a short training scores as high as in any
 * fault once it has moved by a tenth of a percent. Chosen with recordings of a watched host: lab/evaluation/NOTES.md, "Ten
 * disturbances".
 */
const LEAST_OF_INTEREST: Readonly<Record<string, number>> = { '%': 0.5 };

/** The least change that matters, in that unit; 0 = any may. */
export function leastOfInterest(unit: string): number {
  return LEAST_OF_INTEREST[unit] ?? 0;
}

/** Writes a channel so that `parseChannel` reads it back. */
export function formatChannel({ id, unit }: Channel): string {
  return unit === '' ? id : `${id}[${unit}]`;
}

/** All channels of a stream at one instant. */
export interface Sample {
  readonly streamId: string;
  /** Time of the reading itself, not of its arrival, Unix milliseconds. */
  readonly timeMs: number;
  /** (C,) in channel units, in the order of `Source.channels`; NaN = no reading. */
  readonly values: Float64Array;
}

/** What a stream has read, as it is shown: of counters the rates that its model watches; while it learns, as they are read. */
export interface ShownRow {
  readonly streamId: string;
  readonly timeMs: number;
  readonly channels: readonly Channel[];
  /** (C,) in channel units, borrowed until the call returns; NaN = no reading. */
  readonly values: ArrayLike<number>;
}
