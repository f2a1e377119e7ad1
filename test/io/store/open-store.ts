import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openStore } from '../../../src/io/store/sqlite-store.ts';
import type { StoreOptions } from '../../../src/io/store/store-options.ts';
import { tempFolder } from '../temp-folder.ts';

export const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2026, 10, 24);

/** A store whose wall clock the test moves; closed when the test ends. */
export function open(
  path = join(tempFolder(), 'state', 'history.db'),
  options: Partial<StoreOptions> = {},
) {
  const told: string[] = [];
  const clock = { nowMs: START_MS };
  const events = { onFault: (message: string) => told.push(message), now: () => clock.nowMs };
  const store = openStore(path, options, events);
  onTestFinished(() => store.close());
  return { store, told, clock, path };
}

export function scoreAt(timeMs: number, score = 0.5, streamId = 'motor') {
  return { streamId, timeMs, score, level: 2, anomalous: score > 1 };
}

/** What another process would see. */
export function peek<T>(path: string, sql: string): T[] {
  const db = new SqliteDatabase(path, { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}

export function count(path: string, table: string): number | undefined {
  return peek<{ n: number }>(path, `SELECT count(*) AS n FROM ${table}`)[0]?.n;
}
