// History and outbox in one SQLite file. Scores are written in batches; alerts are on the disk when `addAlert` returns.
import type { Alert } from '../../core/alert.ts';
import type { Decisions } from '../../core/decisions.ts';
import { StoreError } from '../../core/errors.ts';
import type { Exclusion } from '../../core/series.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type {
  AlertRows,
  Backlog,
  Backup,
  EntryKey,
  Outbox,
  OutboxEntry,
  ScorePeak,
  Store,
} from '../../core/store.ts';
import { createAlertRows } from './alert-rows.ts';
import { commitAlert, createDecisions, openOnes, readAlert, readExclusions } from './alerts.ts';
import { backUp } from './backup.ts';
import { isFull, storeError } from './database.ts';
import { type HistoryFile, openHistoryFile } from './history-file.ts';
import { createOutbox } from './outbox-admin.ts';
import { PendingScores } from './pending-scores.ts';
import { ScoreTimes } from './score-times.ts';
import type { BodyRow, Statements } from './statements.ts';
import { type StoreEvents, type StoreOptions, storeOptions } from './store-options.ts';
import { Upkeep } from './upkeep.ts';

/**
 * Opens `path` for this process alone. A corrupt file is moved aside and replaced by a new one, which `onFault` reports.
 * Throws `StoreError` when another daemon or program uses it, or it cannot be made.
 */
export function openStore(
  path: string,
  options: Partial<StoreOptions> = {},
  events: Partial<StoreEvents> = {},
): Store {
  const parsed = storeOptions.parse(options);
  const allEvents: StoreEvents = {
    onFault: () => undefined,
    onProblem: () => undefined,
    now: Date.now,
    monotonicMs: () => performance.now(),
    ...events,
  };
  return new SqliteStore(openHistoryFile(path, parsed.busyMs, allEvents), parsed, allEvents);
}

/** Time between two rounds of upkeep of a store without writes. */
const TEND_MS = 60_000;

class SqliteStore implements Store {
  readonly #file: HistoryFile;
  readonly #options: StoreOptions;
  readonly #events: StoreEvents;
  readonly #pending: PendingScores;
  readonly #times: ScoreTimes;
  readonly #upkeep: Upkeep;
  readonly decisions: Decisions;
  readonly rows: AlertRows;
  readonly unsaved: Alert[] = [];
  readonly outbox: Outbox;
  readonly #tending = setInterval(() => this.#tend(), TEND_MS).unref();
  /** Alert states that cannot be read and were reported. */
  readonly #unreadable = new Set<number>();
  #dropped = 0;
  #copying: Promise<Backup> | undefined;

  constructor(file: HistoryFile, options: StoreOptions, events: StoreEvents) {
    this.#file = file;
    this.#options = options;
    this.#events = events;
    this.#pending = new PendingScores({ options, events, file });
    this.#times = new ScoreTimes(events);
    this.#upkeep = new Upkeep({ file, options, events, times: this.#times });
    this.decisions = createDecisions(file);
    this.rows = createAlertRows(file);
    const uncountedMs = (): number => this.#upkeep.uncountedMs();
    this.outbox = createOutbox({ file, now: events.now, uncountedMs });
  }

  addScore(report: ScoreReport): void {
    if (!this.#times.take(report)) return;
    if (!this.#pending.add(report)) return;
    try {
      this.flush();
    } catch (error) {
      this.#pending.keep(error);
    }
  }

  addAlert(alert: Alert, sinkIds: readonly string[]): void {
    const { outboxLimit } = this.#options;
    const nowMs = Math.round(this.#events.now());
    const uncountedMs = this.#upkeep.uncountedMs();
    const dropped = this.#file.run((statements, db) =>
      commitAlert(db, statements, { alert, sinkIds, outboxLimit, nowMs, uncountedMs }),
    );
    this.#reportDropped(dropped, 'waited for a sink');
  }

  #reportDropped(dropped: number, what: string): void {
    if (dropped === 0) return;
    this.#dropped += dropped;
    const most = this.#options.outboxLimit;
    this.#events.onFault(`${dropped} unsent alerts were dropped: more than ${most} ${what}`);
  }

  unsent(sinkId: string, limit: number): readonly OutboxEntry[] {
    const rows = this.#file.run((statements) => statements.unsent.all(sinkId, limit));
    const entries = rows.flatMap(({ sequence, body }) => {
      const alert = readAlert(body);
      return alert ? [{ sequence, sinkId, alert }] : [];
    });
    if (entries.length === rows.length) return entries;
    const readable = new Set(entries.map(({ sequence }) => sequence));
    const broken = rows.filter(({ sequence }) => !readable.has(sequence));
    return this.#setAsideBroken(broken, sinkId) ? this.unsent(sinkId, limit) : entries;
  }

  /** Returns whether it was written. */
  #setAsideBroken(broken: readonly BodyRow[], sinkId: string): boolean {
    try {
      for (const { sequence } of broken) {
        this.setAside({ sequence, sinkId }, 'the stored text is not an alert');
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return false; // the result leaves them out anyway
    }
    this.#events.onFault(
      `${broken.length} unsent alerts for sink '${sinkId}' cannot be read: they were set aside`,
    );
    return true;
  }

  markSent(entries: readonly EntryKey[]): void {
    this.#file.run((statements, db) =>
      db
        .transaction(() => {
          for (const { sequence, sinkId } of entries) statements.markSent.run(sequence, sinkId);
        })
        .immediate(),
    );
  }

  setAside({ sequence, sinkId }: EntryKey, reason: string): void {
    const limit = this.#options.outboxLimit;
    const dropped = this.#file.run((statements) => {
      statements.setAside.run(reason, sequence, sinkId);
      return statements.dropOldestAside.run({ sink: sinkId, limit }).changes;
    });
    this.#reportDropped(dropped, 'were set aside for a sink');
  }

  alerts(streamId: string, fromMs: number, toMs: number): readonly Alert[] {
    const [from, to] = [Math.round(fromMs), Math.round(toMs)];
    const saved = this.#read((statements) => statements.alerts.all(streamId, from, to));
    return [...saved, ...this.#unsavedOf(streamId, from, to)];
  }

  scores(streamId: string, fromMs: number, toMs: number): readonly ScoreReport[] {
    this.flush();
    return this.#file.run((statements) =>
      statements.scores.all(streamId, Math.round(fromMs), Math.round(toMs)).map((row) => ({
        streamId,
        timeMs: row.time_ms,
        score: row.score ?? Number.NaN,
        level: row.level ?? Number.NaN,
        anomalous: row.anomalous === 1,
        ...(row.quiet === 1 && { quiet: true }),
      })),
    );
  }

  peaks(streamId: string, fromMs: number, toMs: number, stepMs: number): readonly ScorePeak[] {
    const [from, to, step] = [fromMs, toMs, stepMs].map(Math.round) as [number, number, number];
    return this.#file.run((statements) =>
      statements.peaks.all({ stream: streamId, fromMs: from, toMs: to, stepMs: step }),
    );
  }

  openAlerts(streamId: string): readonly Alert[] {
    const saved = this.#read((statements) => statements.openAlerts.all(streamId));
    return openOnes([...saved, ...this.#unsavedOf(streamId)]);
  }

  streamsWithAlerts(): readonly string[] {
    return this.#file.run((statements) => statements.alertStreams.all());
  }

  states(alertId: string): readonly Alert[] {
    const saved = this.#read((statements) => statements.states.all(alertId));
    return [...saved, ...this.unsaved.filter(({ id }) => id === alertId)];
  }

  #unsavedOf(stream: string, fromMs = -Infinity, toMs = Infinity): readonly Alert[] {
    const isWithin = ({ timeMs }: Alert): boolean => timeMs >= fromMs && timeMs <= toMs;
    return this.unsaved.filter((alert) => alert.streamId === stream && isWithin(alert));
  }

  exclusions(streamId: string, fromMs: number, toMs: number): readonly Exclusion[] {
    this.flush();
    const presentMs = this.#times.presentMs();
    return this.#file.run((statements) =>
      readExclusions(statements, streamId, [fromMs, toMs], presentMs),
    );
  }

  /** Leaves out alert states that cannot be read, and reports each once. */
  #read(query: (statements: Statements) => readonly BodyRow[]): readonly Alert[] {
    return this.#file.run(query).flatMap(({ sequence, body }) => {
      const alert = readAlert(body);
      if (alert) return [alert];
      if (!this.#unreadable.has(sequence)) {
        this.#events.onFault(
          `alert state ${sequence} of the history cannot be read: it is left out`,
        );
      }
      this.#unreadable.add(sequence);
      return [];
    });
  }

  backlog(): Backlog {
    const queues = this.#file.run((statements) => statements.queues.all());
    const counted = (of: 'waiting' | 'aside') =>
      Object.fromEntries(queues.flatMap(({ sink, [of]: n }) => (n > 0 ? [[sink, n]] : [])));
    const dropped = this.#dropped + this.#upkeep.expired;
    return { waiting: counted('waiting'), setAside: counted('aside'), dropped };
  }

  backup(folder: string): Promise<Backup> {
    this.#copying ??= this.#copy(folder).finally(() => {
      this.#copying = undefined;
    });
    return this.#copying;
  }

  async #copy(folder: string): Promise<Backup> {
    this.flush();
    try {
      return await this.#file.run((_, db) => backUp(db, folder, this.#events.now()));
    } catch (cause) {
      throw storeError(cause, folder);
    }
  }

  flush(): void {
    this.#file.check();
    try {
      this.#pending.flush();
    } catch (error) {
      if (!isFull(error)) throw error;
      this.#upkeep.makeRoom();
      this.#pending.flush();
    }
    this.#keepUp();
  }

  #keepUp(): void {
    if (this.#pending.isEmpty) this.#file.run((statements) => this.#times.look(statements));
    this.#upkeep.runWhenDue();
  }

  /** Also without scores: alerts may wait, and the file may be deleted. */
  #tend(): void {
    try {
      this.#file.check();
      this.#keepUp();
    } catch (error) {
      // the next flush or alert reports it
      if (!(error instanceof StoreError)) throw error;
    }
  }

  close(): void {
    if (this.#file.closed) return;
    clearInterval(this.#tending);
    try {
      this.flush();
      this.#upkeep.end();
    } finally {
      this.#file.close();
    }
  }
}
