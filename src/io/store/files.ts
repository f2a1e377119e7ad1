// Files of the store: readable by their owner alone, recognised while they are open, and named by time.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';

/** Only the owner may read and write. */
const MODE = 0o600;

/**
 * Makes `path` a file that only its owner may read; a new file is empty. To be called before SQLite opens it: SQLite gives
 * its additional files the same mode. Throws errors of the file system.
 */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', MODE));
  else if (statSync(path).mode & 0o077) chmodSync(path, MODE);
}

/** Copies the whole of `db` to a new file that only its owner may read. Throws errors of SQLite and of the file system. */
export function copyPrivately(db: Database, to: string): void {
  makePrivate(to); // SQLite accepts an empty file; a file that it makes itself may be readable for others
  db.prepare('VACUUM INTO ?').run(to);
}

/**
 * Makes the folder `path`, for its owner alone, unless it exists. Throws errors of the file system. One by one: Node's own
 * recursive mkdir never returns in a file system that refuses new folders, e.g. /proc.
 */
export function makePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  makePrivateFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** Identity of a file for the kernel, independent of its name. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/** undefined = there is no file. */
export function identify(path: string): FileIdentity | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { device: found.dev, inode: found.ino };
}

/** How an open file was lost, as the end of a sentence; undefined = it is in its place. Costs one `stat`. */
export function lossOf(
  path: string,
  { device, inode }: FileIdentity,
  leastBytes = 0,
): string | undefined {
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // otherwise the folder cannot be searched, and the open file can still be used
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'was deleted' : undefined;
  }
  if (found.dev !== device || found.ino !== inode) return 'was exchanged for another file';
  return found.size < leastBytes ? 'was emptied' : undefined;
}

/** A time, Unix milliseconds, as a part of a file name: UTC to the second; names sort by time. */
export function fileStamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
