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

export type EntryKey = Pick<OutboxEntry, 'sequence' | 'sinkId'>;

/** What waits to be sent, what cannot be, and what had to be dropped. */
export interface Backlog {
  /** Unsent alert states by sink, without those set aside; sinks without any are absent. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Alert states that were set aside, by sink; sinks without any are absent. */
  readonly setAside: Readonly<Record<string, number>>;
  /** Alert states dropped unsent since the store was opened. */
  readonly dropped: number;
}

/** An alert state that a sink could not send, ever. It waits for a person. */
export interface SetAside {
  readonly sequence: number;
  readonly alertId: string;
  readonly streamId: string;
  readonly state: string;
  /** Unix milliseconds. */
  readonly queuedMs: number;
  readonly reason: string;
}

/** The outbox of one sink, which need not be configured any more. */
export interface OutboxQueue {
  readonly sinkId: string;
  readonly waiting: number;
  /** When the oldest of those that wait was queued, Unix milliseconds; null = none waits. */
  readonly oldestMs: number | null;
  /** Oldest first, with all there are. */
  readonly setAside: readonly SetAside[];
}

/**
 * The outbox as a person mends it. A receiver must not be left with an old state of an alert: where `retry` and `move`
 * put one back whose later states are sent already, the newest of these is queued once more behind it.
 */
export interface Outbox {
  /** In order of the sinks' names; sinks without any entry are absent. */
  queues(): readonly OutboxQueue[];
  /** Has entries that were set aside tried again; returns how many. */
  retry(which: { readonly sequence: number } | { readonly sinkId: string }): number;
  /** Gives all entries of one sink to another, also those set aside; returns how many that one did not have yet. */
  move(fromSinkId: string, toSinkId: string): number;
  /** Deletes entries of a sink unsent; the alerts stay in the history. Returns how many. */
  drop(sinkId: string, which: 'all' | 'set aside'): number;
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
  /** Oldest first, without those set aside; entries that cannot be read are set aside now. */
  unsent(sinkId: string, limit: number): readonly OutboxEntry[];
  /** In one transaction; those that are another sink's by now stay. */
  markSent(entries: readonly EntryKey[]): void;
  /** Keeps an entry that its sink can never send, and `unsent` from naming it. */
  setAside(entry: EntryKey, reason: string): void;
  alerts(streamId: string, fromMs: number, toMs: number): readonly Alert[];
  scores(streamId: string, fromMs: number, toMs: number): readonly ScoreReport[];
  /** The highest score of each step of `stepMs` that has any, by the time the step begins; what is not written yet is left out. */
  peaks(streamId: string, fromMs: number, toMs: number, stepMs: number): readonly ScorePeak[];
  /** Anomalies whose last committed state is not `closed`; what a restarted daemon has to close. */
  openAlerts(streamId: string): readonly Alert[];
  /** Streams of which there are alerts. */
  streamsWithAlerts(): readonly string[];
  /** All states of one alert, oldest first; none when it is unknown. */
  states(alertId: string): readonly Alert[];
  readonly decisions: Decisions;
  readonly rows: AlertRows;
  readonly outbox: Outbox;
  /** Stretches that touch the given time and that training should leave out, in order of their beginning. */
  exclusions(streamId: string, fromMs: number, toMs: number): readonly Exclusion[];
  backlog(): Backlog;
  /** Copies everything to a new file in `folder` while the daemon goes on; who asks meanwhile gets the same copy. */
  backup(folder: string): Promise<Backup>;
  flush(): void;
  close(): void;
}
