import type { Channel } from '../../../core/sample.ts';

/** One family of host metrics, e.g. memory. */
export interface Probe {
  readonly channels: readonly Channel[];
  /**
   * Writes one value per channel into `into` from `offset` on; NaN = no reading, as for each rate in the first call.
   * `elapsedS` is the time since the last call.
   */
  read(elapsedS: number, into: Float64Array, offset: number): void;
}

/** Reads a file below the root, e.g. `proc/stat`; undefined when this host does not have it. */
export type ReadText = (path: string) => string | undefined;

/** Rates of counters; NaN at first and after a counter was reset. */
export class Rates {
  private last: readonly number[] | undefined;

  /** Differences per second since the last call, one per counter. */
  of(counters: readonly number[], elapsedS: number): readonly number[] {
    const last = this.last;
    this.last = counters;
    return counters.map((counter, index) => {
      const difference = counter - (last?.[index] ?? Number.NaN);
      return difference >= 0 && elapsedS > 0 ? difference / elapsedS : Number.NaN;
    });
  }
}

/** The number behind a key such as `ctxt ` or `MemTotal:` at the start of a line; NaN when absent. */
export function numberAfter(text: string, key: string): number {
  const start = text.startsWith(key) ? 0 : text.indexOf(`\n${key}`) + 1;
  if (start === 0 && !text.startsWith(key)) return Number.NaN;
  return Number.parseFloat(text.slice(start + key.length));
}
