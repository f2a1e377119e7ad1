// A history that another program deleted, exchanged, emptied or damaged while it is open: all that the open connection still
// reads is written to a new file, which replaces the old one.
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
import { copyPrivately, makePrivateFolder } from './files.ts';
import { readRemainsOf, restoreRemains, skipSequences } from './salvage.ts';

/** Whether another connection cannot read the file that this process has open, e.g. because it was overwritten. */
export function isUnreadable(path: string): boolean {
  let other: Database | undefined;
  try {
    // with SQLite: closing the file in any other way would release the locks of this process
    other = new SqliteDatabase(path, { readonly: true, timeout: 0 });
    other.pragma('schema_version');
    return false;
  } catch (cause) {
    return isCorrupt(cause);
  } finally {
    other?.close();
  }
}

/** Larger files are not copied whole: on a slow SD card this takes longer than the watchdog allows. */
const COPY_BYTES = 256 * 1024 * 1024;

export interface Rescue {
  readonly path: string;
  readonly busyMs: number;
  /** How the file was lost, as the end of a sentence. */
  readonly loss: string;
  /** A number that no entry of the outbox has had yet. */
  readonly unusedSequence: number;
}

/** Closes `db` once all readable data are saved. Throws errors of SQLite and the file system; `db` is usually still open then. */
export function rescueDatabase(db: Database, rescue: Rescue): OpenDatabase {
  const { path, busyMs, loss } = rescue;
  const copy = `${rescuedName(path)}.part`;
  makePrivateFolder(dirname(path));
  removeCopy(copy);
  const saved = save(db, copy, rescue);
  renameSync(copy, rescuedName(path)); // complete: from here on the next opening finds it, even after a crash
  db.close(); // before another file gets its name: SQLite deletes its additional files
  removeBeside(path);
  const aside = putAside(path, 'lost');
  takeRescued(path);
  const moved = aside === undefined ? '' : `; the file in its place was moved to ${aside}`;
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
    return 'all of its data';
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

/** SQLite leaves a copy in the cache of the system, where a power cut would lose it. */
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
