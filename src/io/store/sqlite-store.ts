// History and outbox in one SQLite file. Scores are written in batches; alerts are on the disk when `addAlert` returns.
import type { Alert } from '../../core/alert.ts';
import type { Decisions } from '../../core/decisions.ts';
import type { Exclusion } from '../../core/exclusion.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type {
  AlertRows,
  Backlog,
  Backup,
  OutboxEntry,
  ScorePeak,
  Store,
} from '../../core/store.ts';
import { createAlertRows } from './alert-rows.ts';
import { backUp } from './backup.ts';
import { commitAlert } from './commit-alert.ts';
import {
  claim,
  isCorrupt,
  type OpenDatabase,
  openDatabase,
  replaceDatabase,
  storeError,
} from './database.ts';
import { createDecisions } from './decisions.ts';
import { readExclusions } from './exclusions.ts';
import { PendingScores } from './pending-scores.ts';
import { DAY_MS, forget } from './retention.ts';
import { type BodyRow, prepareStatements, type Statements } from './statements.ts';
import { type StoreOptions, storeOptions } from './store-options.ts';

export interface StoreEvents {
  /** What the user should know although the store goes on: a corrupt file was replaced, the disk is full, alerts were dropped. */
  readonly onFault?: (message: string) => void;
  /** Wall clock; batches, expiry and retention go by it. */
  readonly now?: () => number;
}

/**
 * Opens `path` for this process alone; a corrupt file is moved aside, told of through `onFault`, and begun anew.
 * Throws `StoreError` when another daemon or program holds it, or it cannot be made.
 */
export function openStore(
  path: string,
  options: Partial<StoreOptions> = {},
  events: StoreEvents = {},
): Store {
  const parsed = storeOptions.parse(options);
  const lock = claim(path);
  try {
    return new SqliteStore(path, parsed, events, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

const FORGET_MS = DAY_MS / 24;

class SqliteStore implements Store {
  readonly #path: string;
  readonly #options: StoreOptions;
  readonly #onFault: (message: string) => void;
  readonly #now: () => number;
  readonly #lock: { release(): void };
  readonly #pending: PendingScores;
  #open: OpenDatabase;
  #statements: Statements;
  #forgottenMs = Number.NEGATIVE_INFINITY;
  #closed = false;
  #dropped = 0;
  #copying: Promise<Backup> | undefined;
  readonly decisions: Decisions = createDecisions((operation) =>
    this.#run(() => operation(this.#statements)),
  );
  readonly rows: AlertRows = createAlertRows((operation) =>
    this.#run(() => operation(this.#statements)),
  );

  constructor(path: string, options: StoreOptions, events: StoreEvents, lock: { release(): void }) {
    this.#path = path;
    this.#options = options;
    this.#onFault = events.onFault ?? (() => undefined);
    this.#now = events.now ?? Date.now;
    this.#lock = lock;
    this.#pending = new PendingScores(
      {
        options,
        onFault: this.#onFault,
        run: (operation) => this.#run(() => operation(this.#open.db, this.#statements)),
      },
      this.#now(),
    );
    this.#open = openDatabase(path, options.busyMs);
    this.#statements = prepareStatements(this.#open.db);
    this.#tellReplaced();
  }

  addScore(report: ScoreReport): void {
    if (!this.#pending.add(report, this.#now())) return;
    try {
      this.flush();
    } catch (error) {
      this.#pending.keep(error);
    }
  }

  addAlert(alert: Alert, sinkIds: readonly string[]): void {
    const { outboxLimit } = this.#options;
    const dropped = this.#run(() =>
      commitAlert(this.#open.db, this.#statements, {
        alert,
        sinkIds,
        outboxLimit,
        nowMs: Math.round(this.#now()),
      }),
    );
    if (dropped > 0) {
      this.#dropped += dropped;
      this.#onFault(
        `${dropped} unsent alerts were dropped: more than ${outboxLimit} waited for a sink`,
      );
    }
  }

  unsent(sinkId: string, limit: number): readonly OutboxEntry[] {
    return this.#run(() =>
      this.#statements.unsent
        .all(sinkId, limit)
        .map(({ sequence, body }) => ({ sequence, sinkId, alert: parseAlert({ body }) })),
    );
  }

  markSent(sequence: number): void {
    this.#run(() => this.#statements.markSent.run(sequence));
  }

  alerts(streamId: string, fromMs: number, toMs: number): readonly Alert[] {
    return this.#run(() =>
      this.#statements.alerts.all(streamId, Math.round(fromMs), Math.round(toMs)).map(parseAlert),
    );
  }

  scores(streamId: string, fromMs: number, toMs: number): readonly ScoreReport[] {
    this.flush();
    return this.#run(() =>
      this.#statements.scores.all(streamId, Math.round(fromMs), Math.round(toMs)).map((row) => ({
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
    return this.#run(() =>
      this.#statements.peaks.all({ stream: streamId, fromMs: from, toMs: to, stepMs: step }),
    );
  }

  openAlerts(streamId: string): readonly Alert[] {
    return this.#run(() => this.#statements.openAlerts.all(streamId).map(parseAlert));
  }

  states(alertId: string): readonly Alert[] {
    return this.#run(() => this.#statements.states.all(alertId).map(parseAlert));
  }

  exclusions(streamId: string, fromMs: number, toMs: number): readonly Exclusion[] {
    this.flush();
    return this.#run(() => readExclusions(this.#statements, streamId, [fromMs, toMs]));
  }

  backlog(): Backlog {
    const rows = this.#run(() => this.#statements.waiting.all());
    const waiting = Object.fromEntries(rows.map(({ sink, waiting }) => [sink, waiting]));
    return { waiting, dropped: this.#dropped };
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
      return await backUp(this.#open.db, folder, this.#now());
    } catch (cause) {
      throw storeError(cause, folder);
    }
  }

  flush(): void {
    const nowMs = this.#now();
    this.#pending.flush(nowMs);
    const sinceMs = nowMs - this.#forgottenMs;
    if (sinceMs >= 0 && sinceMs < FORGET_MS) return;
    this.#forgottenMs = nowMs;
    const expired = this.#run(() => forget(this.#open.db, this.#statements, this.#options, nowMs));
    if (expired > 0) {
      this.#dropped += expired;
      this.#onFault(
        `${expired} unsent alerts were dropped: they waited more than ${this.#options.outboxDays} days for a sink`,
      );
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.flush();
    } finally {
      this.#open.db.close();
      this.#lock.release();
    }
  }

  /** Runs one operation; when it meets a corrupt page, once more on a new file. */
  #run<T>(operation: () => T): T {
    if (!this.#open.db.open) {
      if (this.#closed) throw new TypeError('the store is closed');
      this.#use(openDatabase(this.#path, this.#options.busyMs)); // replacing it had failed
    }
    try {
      return operation();
    } catch (cause) {
      if (!isCorrupt(cause)) throw storeError(cause, this.#path);
    }
    this.#open.db.close();
    this.#use(replaceDatabase(this.#path, this.#options.busyMs));
    try {
      return operation();
    } catch (cause) {
      throw storeError(cause, this.#path);
    }
  }

  #use(open: OpenDatabase): void {
    this.#open = open;
    this.#statements = prepareStatements(open.db);
    this.#tellReplaced();
  }

  #tellReplaced(): void {
    const { replaced } = this.#open;
    if (replaced === undefined) return;
    this.#onFault(`the history was corrupt: it was moved to ${replaced} and a new one begun`);
  }
}

/** Bodies were written by `addAlert`, and `salvage` lets no other through. */
function parseAlert({ body }: Pick<BodyRow, 'body'>): Alert {
  return JSON.parse(body) as Alert;
}
