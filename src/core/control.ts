// The running daemon for sinks, sockets and the web page: what they show of it, and the requests that they pass to it.
import type { ErrorCode } from './error-codes/index.ts';
import type { Health } from './health.ts';
import type { Channel } from './sample.ts';

export interface StreamInfo {
  readonly id: string;
  /** Empty while they are not known: the source is not open yet, and there is no model. */
  readonly channels: readonly Channel[];
  /** Time between rows, milliseconds. */
  readonly intervalMs: number;
  /** null while the stream learns. */
  readonly model: { readonly id: string; readonly detector: string } | null;
}

export interface DaemonInfo {
  readonly version: string;
  readonly node: string;
  /** Differs between two configurations; it has no other meaning. */
  readonly configHash: string;
  readonly streams: readonly StreamInfo[];
  /** A newer release that was found; absent when there is none, or the check is off. */
  readonly update?: { readonly version: string; readonly releasedAt: string } | undefined;
}

/** The decisions of people about a stream that apply now. */
export interface Standing {
  /** null = not silenced. */
  readonly silencedUntilMs: number | null;
  /** Id of a maintenance window that is open; null = none. */
  readonly maintenance: string | null;
  /** Ids of acknowledged alerts, also of some that have ended. */
  readonly acknowledged: readonly string[];
}

/** The answer to a request: its data, or an error in one line. */
export type Reply =
  | { readonly status: 'ok'; readonly data: unknown }
  | {
      readonly status: 'error';
      /** What the asker does about it. */
      readonly code: string;
      readonly error: string;
      /** Which cause it has; absent for a bug. */
      readonly errorCode?: ErrorCode;
    };

export interface Control {
  info(): DaemonInfo;
  health(): Health;
  standing(streamId: string): Standing;
  /** Never rejects. `request` comes from outside and is not checked yet. */
  execute(verb: string, request: unknown): Promise<Reply>;
}
