// Forgetting, a little at a time, so that no sample waits for it.
import type { Database } from 'better-sqlite3';
import type { Statements } from './statements.ts';
import type { StoreOptions } from './store-options.ts';

export const DAY_MS = 86_400_000;
const MEGABYTE = 1e6;

/** Clocks before 2024 were never set: an alert queued then is of unknown age and does not expire. */
const LEAST_CLOCK_MS = Date.UTC(2024, 0, 1);

/** Alerts forgotten per run. */
const ALERTS_AT_ONCE = 1000;
/** Pages given back to the file system per run. */
const PAGES_AT_ONCE = 256;

/**
 * Drops scores and closed, sent alerts that are older than their stream's newest by more than the options say:
 * older in the data's own time, so that replaying an old recording does not lose it. Drops what waited too long to
 * be sent, in wall time, and returns how many. Of scores older than `thinAfterDays` the highest of each bin stays.
 * The rows around an alert go with it, those of the oldest also where all take more than `alertRowsMb`.
 */
export function forget(
  db: Database,
  statements: Statements,
  options: StoreOptions,
  nowMs: number,
): number {
  return db
    .transaction(() => {
      const { changes } = statements.dropExpired.run(
        nowMs - options.outboxDays * DAY_MS,
        LEAST_CLOCK_MS,
      );
      for (const stream of statements.streams.all()) {
        const keepMs = options.scoreDays * DAY_MS;
        statements.dropScores.run({ stream, keepMs, atMostMs: DAY_MS });
        if (options.thinAfterDays > 0) thin(statements, stream, options.thinAfterDays * DAY_MS);
      }
      statements.dropAlerts.run({ keepMs: options.alertDays * DAY_MS, limit: ALERTS_AT_ONCE });
      statements.dropAcknowledgements.run();
      statements.dropRowsOfNone.run();
      statements.dropOldestRows.run(options.alertRowsMb * MEGABYTE);
      db.pragma(`incremental_vacuum(${PAGES_AT_ONCE})`);
      return changes;
    })
    .immediate();
}

/** A day of one stream at most; whole bins, each once. */
function thin(statements: Statements, stream: number, afterMs: number): void {
  const fromMs = statements.firstCrowded.get({ stream, afterMs });
  if (fromMs !== undefined) statements.thin.run({ stream, fromMs, atMostMs: DAY_MS, afterMs });
}
