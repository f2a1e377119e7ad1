// A copy of the whole history while the daemon writes to it.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Backup } from '../../core/store.ts';
import { fileStamp, makePrivate } from './files.ts';

/** So many of the newest copies are kept: more would fill the SD card. */
const KEPT = 3;
const NAME = /^history-\d{8}T\d{6}Z\.db$/;
/** An unfinished copy, with SQLite's additional files. */
const PART = /^history-\d{8}T\d{6}Z\.db\.part/;

/** A copy gets its name only when it is complete. */
export async function backUp(db: Database, folder: string, nowMs: number): Promise<Backup> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  forgetUnfinished(folder);
  const path = join(folder, `history-${fileStamp(nowMs)}.db`);
  try {
    makePrivate(`${path}.part`);
    await db.backup(`${path}.part`);
    renameSync(`${path}.part`, path);
  } catch (error) {
    forgetUnfinished(folder); // a full disk needs the room
    throw error;
  }
  for (const name of namesLike(NAME, folder).slice(0, -KEPT)) rmSync(join(folder, name));
  return { path, bytes: statSync(path).size };
}

/** Removes unfinished copies of a killed process: they are as large as the history. */
export function forgetUnfinished(folder: string): void {
  for (const name of namesLike(PART, folder)) rmSync(join(folder, name));
}

function namesLike(pattern: RegExp, folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort();
}
