import SqliteDatabase from 'better-sqlite3';
import { storeError } from './database.ts';
import { makePrivate } from './private-file.ts';

/** Copies a history to `to`, whole and consistent, also while a daemon writes to it. Throws `StoreError`. */
export async function snapshot(path: string, to: string): Promise<void> {
  try {
    const db = new SqliteDatabase(path, { readonly: true });
    try {
      makePrivate(to);
      await db.backup(to);
    } finally {
      db.close();
    }
  } catch (cause) {
    throw storeError(cause, path);
  }
}
