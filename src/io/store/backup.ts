// A copy of the whole history while it is being written to.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Backup } from '../../core/store.ts';
import { fileStamp } from './file-stamp.ts';
import { makePrivate } from './private-file.ts';

/** A card must not fill up with copies: the newest so many are kept. */
const KEPT = 3;
const NAME = /^history-\d{8}T\d{6}Z\.db$/;
/** Of a copy that was not finished, with what SQLite keeps beside it. */
const PART = /^history-\d{8}T\d{6}Z\.db\.part/;

/** Complete when it resolves: a copy that was cut short never carries the name of one. */
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

/** Removes what a process that was killed left of a copy: it is as large as the history and of no use. */
export function forgetUnfinished(folder: string): void {
  for (const name of namesLike(PART, folder)) rmSync(join(folder, name));
}

function namesLike(pattern: RegExp, folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort();
}
