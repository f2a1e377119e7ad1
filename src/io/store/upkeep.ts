// What a history needs once an hour: waiting is counted, and what is too old is deleted, a little at a time.

import type { Database } from 'better-sqlite3';
import type { HistoryFile } from './history-file.ts';
import type { ScoreTimes } from './score-times.ts';
import type { Statements } from './statements.ts';
import type { StoreEvents, StoreOptions } from './store-options.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = DAY_MS / 24;

export interface UpkeepParts {
  readonly file: Pick<HistoryFile, 'run'>;
  readonly options: StoreOptions;
  readonly times: ScoreTimes;
  readonly events: Pick<StoreEvents, 'onFault' | 'monotonicMs'>;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  /** When waiting was last counted. */
  #countedMs: number;
  #ranMs = Number.NEGATIVE_INFINITY;
  /** Alert states that waited too long, since the store was opened. */
  expired = 0;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    this.#countedMs = parts.events.monotonicMs();
  }

  /** Time since the last count, milliseconds: the next count adds it also to an entry that is new now. */
  uncountedMs(): number {
    return Math.round(this.#parts.events.monotonicMs() - this.#countedMs);
  }

  runWhenDue(): void {
    if (this.#parts.events.monotonicMs() - this.#ranMs >= EVERY_MS) this.run();
  }

  /** Throws `StoreError`. */
  run(): void {
    const { file, options, times, events } = this.#parts;
    this.#ranMs = events.monotonicMs(); // after a failure the next turn tries again
    const expired = this.#count((waitedMs) =>
      file.run((statements, db) => forget(db, statements, { options, times, waitedMs })),
    );
    if (expired === 0) return;
    this.expired += expired;
    events.onFault(
      `${expired} unsent alerts were dropped: they waited more than ${options.outboxDays} days for a sink`,
    );
  }

  /** Deletes old data now, so that a full disk gets room. Throws `StoreError`. */
  makeRoom(): void {
    // the first makes room in the log for the deletions, the second returns free pages to the disk
    const checkpoint = (): unknown =>
      this.#parts.file.run((_, db) => db.pragma('wal_checkpoint(PASSIVE)'));
    checkpoint();
    this.run();
    checkpoint();
  }

  /** Counts the waiting of this run, so that the next daemon continues it. Throws `StoreError`. */
  end(): void {
    this.#count((waitedMs) =>
      this.#parts.file.run((statements) => statements.addWaiting.run(waitedMs)),
    );
  }

  #count<T>(write: (waitedMs: number) => T): T {
    const waitedMs = this.uncountedMs();
    const written = write(waitedMs);
    this.#countedMs += waitedMs;
    return written;
  }
}

const MEGABYTE = 1e6;

/** Most alerts deleted per run. */
const ALERTS_AT_ONCE = 1000;
/** Most pages returned to the file system per run. */
const PAGES_AT_ONCE = 256;

interface Forgetting {
  readonly options: StoreOptions;
  readonly times: Pick<ScoreTimes, 'presentMs' | 'isQuiet'>;
  /** Time that each entry of the outbox has waited since waiting was last counted. */
  readonly waitedMs: number;
}

/**
 * Deletes scores, and alerts that are closed and sent, when they are older than the last days on which their stream had any.
 * The days are those of the data, so that a replayed old recording stays; days without data do not count, so that a clock
 * that was wrong for a moment costs one day and not the history. Drops alerts that waited too long to be sent, and returns
 * how many. Of scores older than `thinAfterDays` the highest of each bin stays. The rows around an alert are deleted with
 * it; the oldest also if all take more than `alertRowsMb`.
 */
function forget(db: Database, statements: Statements, forgetting: Forgetting): number {
  const { options, waitedMs } = forgetting;
  return db
    .transaction(() => {
      statements.addWaiting.run(waitedMs);
      const { changes } = statements.dropExpired.run(options.outboxDays * DAY_MS);
      forgetScores(statements, forgetting);
      forgetAlerts(statements, forgetting);
      statements.dropAcknowledgements.run();
      statements.dropRowsOfNone.run();
      statements.dropOldestRows.run(options.alertRowsMb * MEGABYTE);
      db.pragma(`incremental_vacuum(${PAGES_AT_ONCE})`);
      return changes;
    })
    .immediate();
}

/** At most a day of each stream. */
function forgetScores(statements: Statements, { options, times }: Forgetting): void {
  const { scoreDays, thinAfterDays } = options;
  const presentMs = times.presentMs();
  for (const { id: stream, name } of statements.streams.all()) {
    const newest: Newest = (atMostMs) => statements.newestScore.get(stream, atMostMs);
    for (const range of outdated(newest, scoreDays, presentMs, times.isQuiet(name))) {
      statements.dropScores.run({ stream, ...range, atMostMs: DAY_MS });
    }
    const old = thinAfterDays > 0 ? beginOf(newest, thinAfterDays, presentMs) : undefined;
    if (old !== undefined) thin(statements, stream, old);
  }
}

/** Whole bins, each once. */
function thin(statements: Statements, stream: number, beforeMs: number): void {
  const fromMs = statements.firstCrowded.get({ stream, beforeMs });
  if (fromMs !== undefined) statements.thin.run({ stream, fromMs, atMostMs: DAY_MS, beforeMs });
}

function forgetAlerts(statements: Statements, { options, times }: Forgetting): void {
  let limit = ALERTS_AT_ONCE;
  for (const stream of statements.alertStreams.all()) {
    const newest: Newest = (atMostMs) => statements.newestAlert.get(stream, atMostMs);
    for (const range of outdated(newest, options.alertDays, times.presentMs(), false)) {
      limit -= statements.dropAlerts.run({ stream, ...range, limit }).changes;
    }
  }
}

/** Time of the newest row up to that time. */
type Newest = (atMostMs: number) => number | null | undefined;

/** Times after the one and before the other. */
interface Range {
  readonly afterMs: number;
  readonly beforeMs: number;
}

/**
 * Rows older than the last `days` with rows, separately for the past and the future, because it is unknown which of two
 * clocks was wrong. So there are never more days of the future than of the past. With `futureGoes`, all rows of the future
 * are deleted once the past has rows of so many days.
 */
function outdated(newest: Newest, days: number, presentMs: number, futureGoes: boolean): Range[] {
  const inFuture: Newest = (atMostMs) => {
    const timeMs = newest(atMostMs);
    return typeof timeMs === 'number' && timeMs > presentMs ? timeMs : undefined;
  };
  const past = beginOf(newest, days, presentMs);
  const future =
    futureGoes && past !== undefined
      ? Number.POSITIVE_INFINITY
      : beginOf(inFuture, days, Number.POSITIVE_INFINITY);
  return [
    ...(past === undefined ? [] : [{ afterMs: Number.NEGATIVE_INFINITY, beforeMs: past }]),
    ...(future === undefined ? [] : [{ afterMs: presentMs, beforeMs: future }]),
  ];
}

/**
 * Start of the last `days` with rows before `fromMs`; undefined when there are fewer. Costs one look into the index for each
 * day: a stream has millions of rows.
 */
function beginOf(newest: Newest, days: number, fromMs: number): number | undefined {
  let timeMs = newest(fromMs);
  let left = days;
  for (; left > 1 && typeof timeMs === 'number'; left -= 1) timeMs = newest(timeMs - DAY_MS);
  return typeof timeMs === 'number' ? timeMs - left * DAY_MS : undefined;
}
