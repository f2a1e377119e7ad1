import { existsSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { storeError } from './database.ts';

/** Which migrations a history has seen; undefined where there is none. Throws `StoreError`. */
export function historyVersion(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const db = new SqliteDatabase(path, { readonly: true });
    try {
      return Number(db.pragma('user_version', { simple: true }));
    } finally {
      db.close();
    }
  } catch (cause) {
    throw storeError(cause, path);
  }
}
