import type { Alert } from './alert.ts';

/** A stream's newest score, as a sink may show it. */
export interface ScoreReport {
  readonly streamId: string;
  readonly timeMs: number;
  /** Score above what is usual, over level: 1.0 is the alert level. */
  readonly score: number;
  /** Above what is usual, on the detector's own scale. */
  readonly level: number;
  /** The detector's score; absent in what was read from a history. */
  readonly value?: number;
  readonly anomalous: boolean;
  /** Measured under a silence or maintenance window: no example of normal. */
  readonly quiet?: true;
}

/** Where alerts go. */
export interface Sink {
  readonly id: string;
  /**
   * Resolves once the alert is acknowledged; rejects with `SinkError`, and the outbox tries again for as long as it
   * takes. Anything else is a bug: an alert at which `send` fails so while others get through is set aside.
   */
  send(alert: Alert): Promise<void>;
  /**
   * How many alerts may be sent at once, before the first is acknowledged; default: 1. A sink that says more delivers
   * them in the order of the calls.
   */
  readonly inFlight?: number;
  /** Best effort, never queued: a lost score report is replaced by the next. */
  report?(report: ScoreReport): void;
  /** What people decided about the streams, or what is known of them, has changed: best effort, like `report`. */
  refresh?(): void;
  close(): Promise<void>;
}
