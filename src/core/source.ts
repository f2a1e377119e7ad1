import type { Channel, Sample } from './sample.ts';

/**
 * Where samples come from. `samples` ends when the source is exhausted or the signal aborts, and throws
 * `SourceError` when the source fails; the daemon reopens a live source by calling it again.
 */
export interface Source {
  readonly id: string;
  /** Known once the source is open; the order of `Sample.values`. */
  readonly channels: readonly Channel[];
  /** A live source is reopened when it fails and watched for silence; a recorded one simply ends. */
  readonly live: boolean;
  samples(signal: AbortSignal): AsyncIterable<Sample>;
}
