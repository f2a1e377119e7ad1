import type { Alert } from './alert.ts';
import type { Decisions } from './decisions.ts';
import type { Exclusion } from './exclusion.ts';
import type { Series } from './series.ts';
import type { ScoreReport } from './sink.ts';

/** One alert state that a sink has not acknowledged yet. */
export interface OutboxEntry {
  /** Ascending; the order of sending within a stream. */
  readonly sequence: number;
  readonly sinkId: string;
  readonly alert: Alert;
}

/** What waits to be sent, and what had to be dropped. */
export interface Backlog {
  /** Unsent alert states by sink; sinks without any are absent. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Alert states dropped unsent since the store was opened. */
  readonly dropped: number;
}

export interface ScorePeak {
  readonly timeMs: number;
  /** Score over level. */
  readonly score: number;
}

export interface Backup {
  readonly path: string;
  readonly bytes: number;
}

/** The rows around alerts: what people look at to see what an alert was about. To seven digits. */
export interface AlertRows {
  /** In place of those that were kept for the alert before; gone with the alert. */
  keep(alertId: string, rows: Series): void;
  /** undefined = none were kept, or they had to go. */
  of(alertId: string): Series | undefined;
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
  /** The highest score of each step of `stepMs` that has any, by the time the step begins; what is not written yet is left out. */
  peaks(streamId: string, fromMs: number, toMs: number, stepMs: number): readonly ScorePeak[];
  /** Anomalies whose last committed state is not `closed`; what a restarted daemon has to close. */
  openAlerts(streamId: string): readonly Alert[];
  /** All states of one alert, oldest first; none when it is unknown. */
  states(alertId: string): readonly Alert[];
  readonly decisions: Decisions;
  readonly rows: AlertRows;
  /** Stretches that touch the given time and that training should leave out, in order of their beginning. */
  exclusions(streamId: string, fromMs: number, toMs: number): readonly Exclusion[];
  backlog(): Backlog;
  /** Copies everything to a new file in `folder` while the daemon goes on; who asks meanwhile gets the same copy. */
  backup(folder: string): Promise<Backup>;
  flush(): void;
  close(): void;
}
