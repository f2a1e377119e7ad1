import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

/** For the owner alone. */
const MODE = 0o600;

/**
 * Has `path` be a file that only its owner may read, empty if it was not there; before SQLite opens it, which gives what it
 * puts beside the same mode. Throws what the file system throws.
 */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', MODE));
  else if (statSync(path).mode & 0o077) chmodSync(path, MODE);
}

/** Writes a whole copy of what `db` reads to a new file that only its owner may read. Throws what SQLite and the file system throw. */
export function copyPrivately(db: Database, to: string): void {
  makePrivate(to); // SQLite takes an empty file, and makes others as open as the process lets it
  db.prepare('VACUUM INTO ?').run(to);
}
