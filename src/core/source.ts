import type { Channel, Sample } from './sample.ts';

/**
 * Where samples come from. `samples` ends when the source is exhausted or the signal aborts, and throws
 * `SourceError` when the source fails; the daemon reopens a live source by calling it again.
 */
export interface Source {
  readonly id: string;
  /** In the order of `Sample.values`. Known once the source is open. */
  readonly channels: readonly Channel[];
  /** A live source is reopened when it fails, and checked for silence; a recording ends. */
  readonly live: boolean;
  /** Whether it measures the machine that the daemon runs on, which the daemon disturbs by its own work; absent = no. */
  readonly measuresHost?: boolean;
  samples(signal: AbortSignal): AsyncIterable<Sample>;
}
