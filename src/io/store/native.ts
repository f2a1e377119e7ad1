import SqliteDatabase from 'better-sqlite3';

/** Version of the SQLite that is built in. Throws when the native part was not built for this machine and this Node. */
export function sqliteVersion(): string {
  const db = new SqliteDatabase(':memory:');
  try {
    return db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  } finally {
    db.close();
  }
}
