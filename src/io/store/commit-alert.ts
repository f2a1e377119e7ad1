import type { Database } from 'better-sqlite3';
import type { Alert } from '../../core/alert.ts';
import type { Statements } from './statements.ts';

export interface AlertCommit {
  readonly alert: Alert;
  readonly sinkIds: readonly string[];
  /** Most entries a sink may have waiting. */
  readonly outboxLimit: number;
  readonly nowMs: number;
  /** What the next count of waiting adds to the new entries too much, milliseconds. */
  readonly uncountedMs: number;
}

/**
 * Puts an alert and its outbox entries on the disk, in one transaction; returns how many older entries had to go
 * for them.
 */
export function commitAlert(db: Database, statements: Statements, commit: AlertCommit): number {
  // NORMAL would leave the commit in the cache of the system, where a power cut takes it.
  db.pragma('synchronous = FULL');
  try {
    return db.transaction(() => addAlert(statements, commit)).immediate();
  } finally {
    db.pragma('synchronous = NORMAL');
  }
}

function addAlert(statements: Statements, commit: AlertCommit): number {
  const { id, streamId, state, timeMs } = commit.alert;
  const body = JSON.stringify(commit.alert);
  const added = statements.addAlert.run(id, streamId, state, Math.round(timeMs), body);
  let dropped = 0;
  for (const sink of commit.sinkIds) {
    statements.queue.run(sink, added.lastInsertRowid, commit.nowMs, -commit.uncountedMs);
    dropped += statements.dropOldest.run({ sink, limit: commit.outboxLimit }).changes;
  }
  return dropped;
}
