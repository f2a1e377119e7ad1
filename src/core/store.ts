import type { Alert } from './alert.ts';
import type { Decisions } from './decisions.ts';
import type { Exclusion, Series } from './series.ts';
import type { ScoreReport } from './sink.ts';

/** One alert state that a sink has not acknowledged yet. */
export interface OutboxEntry {
  /** Ascending; the order of sending within a stream. */
  readonly sequence: number;
  readonly sinkId: string;
  readonly alert: Alert;
}

export type EntryKey = Pick<OutboxEntry, 'sequence' | 'sinkId'>;

/** Alert states that wait to be sent, that cannot be sent, and that were dropped. */
export interface Backlog {
  /** Unsent alert states by sink, without those set aside; sinks without any are absent. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Alert states that were set aside, by sink; sinks without any are absent. */
  readonly setAside: Readonly<Record<string, number>>;
  /** Alert states dropped unsent since the store was opened. */
  readonly dropped: number;
}

/** An alert state that its sink can never send. It waits for a decision of a person. */
export interface SetAside {
  readonly sequence: number;
  readonly alertId: string;
  readonly streamId: string;
  readonly state: string;
  /** Unix milliseconds. */
  readonly queuedMs: number;
  readonly reason: string;
}

/** The outbox of one sink, which may no longer be configured. */
export interface OutboxQueue {
  readonly sinkId: string;
  readonly waiting: number;
  /** When the oldest waiting entry was queued, Unix milliseconds; null = none waits. */
  readonly oldestMs: number | null;
  /** All of them, oldest first. */
  readonly setAside: readonly SetAside[];
}

/**
 * Repairs of the outbox by a person. A receiver must not end with an old state of an alert: when `retry` or `move` puts
 * back a state whose later states are sent already, the newest of these is queued again behind it.
 */
export interface Outbox {
  /** In order of the sinks' names; sinks without any entry are absent. */
  queues(): readonly OutboxQueue[];
  /** Queues entries again that were set aside; returns how many. */
  retry(which: { readonly sequence: number } | { readonly sinkId: string }): number;
  /** Moves all entries of one sink to another, also those set aside; returns how many the other did not have yet. */
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

/** The rows around alerts, which show people the readings that an alert is about. To seven digits. */
export interface AlertRows {
  /** Replaces earlier rows of the alert. They are deleted with the alert. */
  keep(alertId: string, rows: Series): void;
  /** undefined = none were kept, or they were deleted. */
  of(alertId: string): Series | undefined;
}

/** History and outbox of one daemon. Synchronous; throws `StoreError`. */
export interface Store {
  /** Buffered and written at intervals: a crash may lose the last minute of scores, never an alert. */
  addScore(report: ScoreReport): void;
  /** Alert states that could not be saved yet, oldest first. Its owner adds and removes them; `alerts`, `openAlerts` and `states` include them. */
  readonly unsaved: Alert[];
  /** Committed on return, together with one outbox entry per sink. */
  addAlert(alert: Alert, sinkIds: readonly string[]): void;
  /** Oldest first, without those set aside; entries that cannot be read are set aside now. */
  unsent(sinkId: string, limit: number): readonly OutboxEntry[];
  /** In one transaction; entries that belong to another sink by now stay. */
  markSent(entries: readonly EntryKey[]): void;
  /** Keeps an entry that its sink can never send; `unsent` no longer returns it. */
  setAside(entry: EntryKey, reason: string): void;
  alerts(streamId: string, fromMs: number, toMs: number): readonly Alert[];
  scores(streamId: string, fromMs: number, toMs: number): readonly ScoreReport[];
  /** The highest score of each step of `stepMs` that has any, with the time at which the step begins; without scores that are not written yet. */
  peaks(streamId: string, fromMs: number, toMs: number, stepMs: number): readonly ScorePeak[];
  /** Anomalies whose last committed state is not `closed`: a restarted daemon continues them. */
  openAlerts(streamId: string): readonly Alert[];
  /** Streams that have alerts. */
  streamsWithAlerts(): readonly string[];
  /** All states of one alert, oldest first; empty when it is unknown. */
  states(alertId: string): readonly Alert[];
  readonly decisions: Decisions;
  readonly rows: AlertRows;
  readonly outbox: Outbox;
  /** Stretches within the given time that training leaves out, in the order of their beginnings. */
  exclusions(streamId: string, fromMs: number, toMs: number): readonly Exclusion[];
  backlog(): Backlog;
  /** Copies everything to a new file in `folder` while the daemon runs on; a second call during the copy returns the same copy. */
  backup(folder: string): Promise<Backup>;
  flush(): void;
  close(): void;
}
