import type { Alert } from './alert.ts';
import type { ScoreReport } from './sink.ts';

/** One alert state that a sink has not acknowledged yet. */
export interface OutboxEntry {
  /** Ascending; the order of sending within a stream. */
  readonly sequence: number;
  readonly sinkId: string;
  readonly alert: Alert;
}

/** History and outbox of one daemon. Synchronous; throws `StoreError`. */
export interface Store {
  /** Buffered, written by time: a crash may lose the last minute of scores, never an alert. */
  addScore(report: ScoreReport): void;
  /** Committed on return, together with one outbox entry per sink. */
  addAlert(alert: Alert, sinkIds: readonly string[]): void;
  unsent(sinkId: string, limit: number): readonly OutboxEntry[];
  markSent(sequence: number): void;
  alerts(streamId: string, fromMs: number, toMs: number): readonly Alert[];
  scores(streamId: string, fromMs: number, toMs: number): readonly ScoreReport[];
  /** Anomalies whose last committed state is not `closed`; what a restarted daemon has to close. */
  openAlerts(streamId: string): readonly Alert[];
  flush(): void;
  close(): void;
}
