// A history that somebody else deleted, exchanged, emptied or damaged while it is open: what the open connection still
// reads is written to a new file, which takes the place of the old one.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import {
  connect,
  isCorrupt,
  type OpenDatabase,
  PARTS,
  putAside,
  removeBeside,
  rescuedName,
  takeRescued,
} from './database.ts';
import { copyPrivately, makePrivateFolder } from './private-file.ts';
import { readRemainsOf, restoreRemains, skipSequences } from './salvage.ts';

/** Whether another connection can no longer read what this process has open, e.g. since it was overwritten. */
export function isUnreadable(path: string): boolean {
  let other: Database | undefined;
  try {
    // by SQLite, since closing the file in any other way would give up the locks that this process has on it
    other = new SqliteDatabase(path, { readonly: true, timeout: 0 });
    other.pragma('schema_version');
    return false;
  } catch (cause) {
    return isCorrupt(cause);
  } finally {
    other?.close();
  }
}

/** Larger files are not copied as a whole: on a slow card the watchdog would take the daemon for hung. */
const COPY_BYTES = 256 * 1024 * 1024;

export interface Rescue {
  readonly path: string;
  readonly busyMs: number;
  /** What has become of the file. */
  readonly loss: string;
  /** A number that no entry of the outbox has had yet. */
  readonly unusedSequence: number;
}

/** Closes `db` once all is saved that can be. Throws what SQLite and the file system throw; `db` is open then, mostly. */
export function rescueDatabase(db: Database, rescue: Rescue): OpenDatabase {
  const { path, busyMs, loss } = rescue;
  const copy = `${rescuedName(path)}.part`;
  makePrivateFolder(dirname(path));
  removeCopy(copy);
  const saved = save(db, copy, rescue);
  renameSync(copy, rescuedName(path)); // whole: from here on the next opening finds it, whatever fails or is killed
  db.close(); // before its name is another's: SQLite deletes what lies beside it
  removeBeside(path);
  const aside = putAside(path, 'lost');
  takeRescued(path);
  const moved = aside === undefined ? '' : `; what lay in its place was moved to ${aside}`;
  return {
    db: connect(path, busyMs),
    fault: `the history ${loss} while it was open: a new one was begun with ${saved}${moved}`,
  };
}

function save(db: Database, to: string, rescue: Rescue): string {
  try {
    const saved = copyWhole(db, to) ?? copyRemains(db, to, rescue);
    sync(to);
    return saved;
  } catch (error) {
    removeCopy(to); // a full disk needs the room
    throw error;
  }
}

function copyWhole(db: Database, to: string): string | undefined {
  try {
    const size = (name: string): number => Number(db.pragma(name, { simple: true }));
    if (size('page_count') * size('page_size') > COPY_BYTES) return undefined;
    copyPrivately(db, to);
    return 'all that it held';
  } catch (cause) {
    if (!isCorrupt(cause)) throw cause;
    removeCopy(to);
    return undefined;
  }
}

function copyRemains(db: Database, to: string, { busyMs, unusedSequence }: Rescue): string {
  const remains = readRemainsOf(db);
  const fresh = connect(to, busyMs);
  try {
    restoreRemains(fresh, remains);
    skipSequences(fresh, unusedSequence);
  } finally {
    fresh.close();
  }
  const { alerts, outbox } = remains;
  return `the ${alerts.length} alert states that could be read, ${outbox.length} of them unsent, and no scores`;
}

function removeCopy(path: string): void {
  for (const part of PARTS) rmSync(path + part, { force: true });
}

/** SQLite leaves a copy to the cache of the system, from where a power cut would take it. */
function sync(path: string): void {
  for (const name of [path, dirname(path)]) {
    const file = openSync(name, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
