import type { Alert } from './alert.ts';
import type { Channel, Sample } from './sample.ts';

/** What a source knows about an alert, beyond its samples. */
export type Explanation = Pick<Alert, 'processes' | 'note'>;

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
  /**
   * Whether a model learns the channel. Others are for limits and words: what moves one way for weeks, as free space does, would
   * always be new, and what comes and goes would end a model. Absent = all are learnt.
   */
  isLearnt?(channel: Channel): boolean;
  /** What it knows about an alert that blames these channels, most blamed first; absent = nothing. It may take milliseconds. */
  explain?(channels: readonly Channel[]): Explanation;
}
