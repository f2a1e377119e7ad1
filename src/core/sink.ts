import type { Alert } from './alert.ts';

/** The newest score of a stream, for sinks to show. */
export interface ScoreReport {
  readonly streamId: string;
  readonly timeMs: number;
  /** Score above the usual one, over level: 1.0 is the alert level. */
  readonly score: number;
  /** Above the usual score, on the detector's own scale. */
  readonly level: number;
  /** The detector's score; absent in a report that was read from a history. */
  readonly value?: number;
  readonly anomalous: boolean;
  /** Measured under a silence or maintenance window: not used for training. */
  readonly quiet?: true;
}

/** What a sink does not take at once, e.g. at night. It stays in the outbox, and others are sent meanwhile. */
export interface Holding {
  /** When a held alert is sent, Unix milliseconds, which may be past; undefined = it is not held. */
  dueMs(alert: Alert, nowMs: number): number | undefined;
  /** Whether `earlier` needs not be sent, because `later`, a state of the same alert, is. */
  covers(later: Alert, earlier: Alert): boolean;
}

/** Where alerts go. */
export interface Sink {
  readonly id: string;
  /**
   * Resolves once the alert is acknowledged; rejects with `SinkError`, and the outbox tries again without end. Any other
   * error is a bug: the outbox sets aside an alert that fails so while others are sent.
   */
  send(alert: Alert): Promise<void>;
  /**
   * How many alerts may be sent before the first is acknowledged; default: 1. A sink with more delivers them in the order
   * of the calls.
   */
  readonly inFlight?: number;
  /** Absent = every alert is sent at once. */
  readonly holding?: Holding;
  /** Sends a message that is marked as a test; resolves with what the other side answered. Rejects with `SinkError`. */
  test?(): Promise<string>;
  /** Best effort, never queued: a lost score report is replaced by the next. */
  report?(report: ScoreReport): void;
  /** Decisions of people about the streams, or facts about the streams, have changed: best effort, like `report`. */
  refresh?(): void;
  close(): Promise<void>;
}
