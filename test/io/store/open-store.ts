import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openStore } from '../../../src/io/store/sqlite-store.ts';
import type { StoreOptions } from '../../../src/io/store/store-options.ts';
import { tempFolder } from '../temp-folder.ts';

export const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2026, 10, 24);

/** Time passes with `nowMs`; what the wall clock is set by is not time that passes. */
class TestClock {
  nowMs = START_MS;
  #setMs = 0;

  set(byMs: number): void {
    this.nowMs += byMs;
    this.#setMs += byMs;
  }

  monotonicMs(): number {
    return this.nowMs - this.#setMs;
  }
}

/** A store whose clocks the test moves; closed when the test ends. `problems` are those of the moment. */
export function open(
  path = join(tempFolder(), 'state', 'history.db'),
  options: Partial<StoreOptions> = {},
) {
  const told: string[] = [];
  const problems = new Map<string, string>();
  const clock = new TestClock();
  const store = openStore(path, options, {
    onFault: (message) => void told.push(message),
    onProblem(key, message) {
      if (message === undefined) problems.delete(key);
      else problems.set(key, message);
    },
    now: () => clock.nowMs,
    monotonicMs: () => clock.monotonicMs(),
  });
  onTestFinished(() => store.close());
  return { store, told, problems, clock, path };
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
