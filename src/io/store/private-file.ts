import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
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

/**
 * Has `path` be a folder, for the owner alone if it was not there. Throws what the file system throws. One by one, since
 * Node's own recursive mkdir never returns where a file system has a parent but makes nothing in it, e.g. /proc.
 */
export function makePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  makePrivateFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
