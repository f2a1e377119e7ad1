// The running daemon as those see it who show or steer it from outside, whatever carries their words.
import type { Health } from './health.ts';
import type { Channel } from './sample.ts';

export interface StreamInfo {
  readonly id: string;
  /** Empty while neither source nor model tell. */
  readonly channels: readonly Channel[];
  /** Time between rows, milliseconds. */
  readonly intervalMs: number;
  /** null while the stream learns. */
  readonly model: { readonly id: string; readonly detector: string } | null;
}

export interface DaemonInfo {
  readonly version: string;
  readonly node: string;
  /** Tells two configurations apart; of no other meaning. */
  readonly configHash: string;
  readonly streams: readonly StreamInfo[];
  /** A newer release that was found; absent when there is none, or nobody looked. */
  readonly update?: { readonly version: string; readonly releasedAt: string } | undefined;
}

/** What people decided about a stream, as far as it holds now. */
export interface Standing {
  /** null = not silenced. */
  readonly silencedUntilMs: number | null;
  /** Id of a maintenance window that is open; null = none. */
  readonly maintenance: string | null;
  /** Ids of alerts that somebody knows of, also of some that have ended. */
  readonly acknowledged: readonly string[];
}

/** The answer to a request: its data, or one line that says what to do. */
export type Reply =
  | { readonly status: 'ok'; readonly data: unknown }
  | { readonly status: 'error'; readonly code: string; readonly error: string };

export interface Control {
  info(): DaemonInfo;
  health(): Health;
  standing(streamId: string): Standing;
  /** Never rejects. `request` is what came from outside, unchecked. */
  execute(verb: string, request: unknown): Promise<Reply>;
}
