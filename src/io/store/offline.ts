// What commands do with a history that they do not own: copy it, and read its version.

import { existsSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { storeError } from './database.ts';
import { makePrivate } from './files.ts';

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

/** Version of the schema of a history; undefined = there is no history. Throws `StoreError`. */
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

/** Version of the SQLite that is built in. Throws when the native part was not built for this machine and this Node. */
export function sqliteVersion(): string {
  const db = new SqliteDatabase(':memory:');
  try {
    return db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  } finally {
    db.close();
  }
}
