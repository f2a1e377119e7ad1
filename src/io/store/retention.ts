// Forgetting, a little at a time, so that no sample waits for it.
import type { Database } from 'better-sqlite3';
import type { ScoreTimes } from './score-times.ts';
import type { Statements } from './statements.ts';
import type { StoreOptions } from './store-options.ts';

export const DAY_MS = 86_400_000;
const MEGABYTE = 1e6;

/** Alerts forgotten per run. */
const ALERTS_AT_ONCE = 1000;
/** Pages given back to the file system per run. */
const PAGES_AT_ONCE = 256;

export interface Forgetting {
  readonly options: StoreOptions;
  readonly times: Pick<ScoreTimes, 'presentMs' | 'isQuiet'>;
  /** What every entry of the outbox has waited since waiting was last counted. */
  readonly waitedMs: number;
}

/**
 * Drops scores and closed, sent alerts that are older than the last days on which their stream had any: in the data's own
 * time, so that replaying an old recording does not lose it, and without counting the days between, so that a clock that
 * was wrong for a moment costs a day and not the history. Drops what waited too long to be sent, and returns how many.
 * Of scores older than `thinAfterDays` the highest of each bin stays. The rows around an alert go with it, those of the
 * oldest also where all take more than `alertRowsMb`.
 */
export function forget(db: Database, statements: Statements, forgetting: Forgetting): number {
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

/** A day of each stream at most. */
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

/** What is after the one time and before the other. */
interface Range {
  readonly afterMs: number;
  readonly beforeMs: number;
}

/**
 * What is older than the last `days` with rows, of the past and, apart from it, of the future: neither makes the other go,
 * because nobody here can tell which of two clocks was wrong. So there is never more of the future than of the past; and
 * where `futureGoes`, all of it does once the past has rows of so many days: what came before those was kept long enough.
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
 * Where the last `days` with rows begin, going back from `fromMs`; undefined when there are fewer. One look into the index
 * for each day: a stream has millions of rows.
 */
function beginOf(newest: Newest, days: number, fromMs: number): number | undefined {
  let timeMs = newest(fromMs);
  let left = days;
  for (; left > 1 && typeof timeMs === 'number'; left -= 1) timeMs = newest(timeMs - DAY_MS);
  return typeof timeMs === 'number' ? timeMs - left * DAY_MS : undefined;
}
