// The schema, as the steps that lead to it. Never change a step that was released: append one.
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import { copyPrivately } from './files.ts';

/** Step n brings a database from version n to n + 1. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  -- NULL in score or level = not a number. One row is some 30 bytes.
  CREATE TABLE score (
    stream INTEGER NOT NULL REFERENCES stream (id),
    time_ms INTEGER NOT NULL,
    score REAL,
    level REAL,
    anomalous INTEGER NOT NULL,
    PRIMARY KEY (stream, time_ms)
  ) STRICT, WITHOUT ROWID;

  -- Every state of every alert; body is the alert as JSON.
  CREATE TABLE alert (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    stream TEXT NOT NULL,
    state TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_by_time ON alert (stream, time_ms);
  CREATE INDEX alert_by_id ON alert (id, sequence);

  -- What a sink has not acknowledged.
  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    sink TEXT NOT NULL,
    alert INTEGER NOT NULL REFERENCES alert (sequence),
    queued_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX outbox_by_sink ON outbox (sink, sequence);
  CREATE INDEX outbox_by_alert ON outbox (alert);`,

  `-- 1 = measured under a silence or maintenance window.
  ALTER TABLE score ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;

  -- What people decided: silences, maintenance windows, acknowledgements, feedback; body is JSON.
  CREATE TABLE decision (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, name)
  ) STRICT;`,

  `-- The rows around an alert: channels as JSON, body as alert-rows.ts writes it.
  CREATE TABLE alert_rows (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    alert TEXT NOT NULL UNIQUE,
    channels TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;`,

  `-- How long an entry has waited while a daemon ran, by a clock that is never set; starts below 0, by what the next
  -- count adds too much. set_aside = why no sink of that name can ever send it; NULL = it can.
  ALTER TABLE outbox ADD COLUMN waited_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outbox ADD COLUMN set_aside TEXT;`,
];

/**
 * Brings a database to the newest version, in one transaction, after a copy of it was made as
 * `<path>.v<old version>`. Throws `StoreError` when the database is newer than this program.
 */
export function migrate(db: Database, path: string, steps: readonly string[] = MIGRATIONS): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > steps.length) {
    throw new StoreError(
      `${path} has version ${version}, this program knows ${steps.length}: install the newer program, or move the file away`,
      { code: 'SEN_STO_NEWER_VERSION' },
    );
  }
  if (version === steps.length) return;
  if (version > 0) keepCopy(db, `${path}.v${version}`);
  db.transaction(() => {
    for (const step of steps.slice(version)) db.exec(step);
    db.pragma(`user_version = ${steps.length}`);
  }).immediate();
}

/** The copy gets its name only when it is complete. */
function keepCopy(db: Database, to: string): void {
  if (existsSync(to)) return;
  const part = `${to}.part`;
  rmSync(part, { force: true });
  try {
    copyPrivately(db, part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { force: true }); // a full disk needs the room
    throw error;
  }
}
