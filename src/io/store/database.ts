// Opens the database file: for one process at a time, checked, and replaced when it cannot be read.
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { ErrorCode } from '../../core/error-codes/index.ts';
import { StoreError } from '../../core/errors.ts';
import { fileStamp, identify, lossOf, makePrivate, makePrivateFolder } from './files.ts';
import { migrate } from './migrations.ts';
import { type Remains, readRemains, restoreRemains } from './salvage.ts';

export interface OpenDatabase {
  readonly db: Database;
  /** Set when a new file was begun: why, and where the old one is. */
  readonly fault: string | undefined;
}

/** Larger files are not checked whole when they are opened: on a slow SD card it would take many seconds. */
const CHECK_BYTES = 64 * 1024 * 1024;

/** Throws `StoreError` when the file is locked, newer than this program, or cannot be made. */
export function openDatabase(path: string, busyMs: number): OpenDatabase {
  try {
    if (!existsSync(path)) takeRescued(path);
    return { db: connect(path, busyMs), fault: undefined };
  } catch (cause) {
    if (!isCorrupt(cause)) throw storeError(cause, path);
    return replaceDatabase(path, busyMs);
  }
}

/** Ends of the names of a database and of SQLite's additional files. */
export const PARTS: readonly string[] = ['', '-wal', '-shm'];

/** Path of the complete copy of a lost history, until it replaces the history. */
export function rescuedName(path: string): string {
  return `${path}.rescued`;
}

/** Moves such a copy, if there is one, to the place of the lost file. */
export function takeRescued(path: string): void {
  if (!existsSync(rescuedName(path))) return;
  removeBeside(path);
  renameSync(rescuedName(path), path);
}

/** Removes the log of a file that is gone: SQLite would use it for a new file. */
export function removeBeside(path: string): void {
  for (const part of PARTS.slice(1)) rmSync(path + part, { force: true });
}

/** Moves the database at `path` aside, and returns where to; undefined = there is none. */
export function putAside(path: string, why: string): string | undefined {
  const aside = `${path}.${why}-${fileStamp(Date.now())}`;
  const there = PARTS.filter((part) => existsSync(path + part));
  for (const part of there) renameSync(path + part, aside + part);
  return there.length > 0 ? aside : undefined;
}

/** Moves a corrupt file aside and begins a new one with the alerts that could still be read. */
function replaceDatabase(path: string, busyMs: number): OpenDatabase {
  try {
    const remains: Remains = readRemains(path);
    const aside = putAside(path, 'corrupt');
    const db = connect(path, busyMs);
    restoreRemains(db, remains);
    return { db, fault: `the history was corrupt: it was moved to ${aside} and a new one begun` };
  } catch (cause) {
    throw storeError(cause, path);
  }
}

/** On a full disk the connection has the file for itself, and most writes fail: `isAlone`. */
export function connect(path: string, busyMs: number): Database {
  makePrivate(path);
  try {
    return connectAs('NORMAL', path, busyMs);
  } catch (error) {
    if (!lacksIndexRoom(error)) throw error;
    return connectAs('EXCLUSIVE', path, busyMs); // its index of the log is in memory
  }
}

/** Whether no other connection can read the file: the disk was full when this one was opened. */
export function isAlone(db: Database): boolean {
  return db.pragma('locking_mode', { simple: true }) === 'exclusive';
}

function connectAs(locking: 'NORMAL' | 'EXCLUSIVE', path: string, busyMs: number): Database {
  const db = new SqliteDatabase(path, { timeout: busyMs });
  try {
    db.pragma(`locking_mode = ${locking}`); // counts only before the log is opened
    const isNew = db.pragma('page_count', { simple: true }) === 0;
    if (isNew) db.pragma('auto_vacuum = INCREMENTAL'); // counts only before the first table
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('journal_size_limit = 4194304');
    db.pragma('cache_size = -1000'); // 1 MB instead of 16
    if (statSync(path).size <= CHECK_BYTES) check(db);
    migrate(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether the disk has no room for the index of the log that connections share. */
function lacksIndexRoom(cause: unknown): boolean {
  return codeOf(cause).startsWith('SQLITE_IOERR_SHM');
}

function check(db: Database): void {
  const answer = db.pragma('quick_check(1)', { simple: true }) as string;
  if (answer !== 'ok') throw new SqliteDatabase.SqliteError(answer, 'SQLITE_CORRUPT');
}

export interface Claim {
  /** Whether the lock is effective: its file may have been deleted. */
  isInPlace(): boolean;
  release(): void;
}

/**
 * Claims `path` for this process until `release`, by a lock on a file next to the database, which itself stays open for
 * readers.
 */
export function claim(path: string): Claim {
  const lockPath = `${path}.lock`;
  try {
    makePrivateFolder(dirname(path));
    makePrivate(lockPath);
    const lock = lockFile(lockPath);
    const identity = identify(lockPath);
    return {
      isInPlace: () => identity !== undefined && lossOf(lockPath, identity) === undefined,
      release: () => void lock.close(),
    };
  } catch (cause) {
    if (isHeldByAnother(cause)) {
      throw new StoreError(
        `${path} is in use by another daemon: stop that one, or give this one a state folder of its own`,
        { code: 'SEN_STO_IN_USE', cause },
      );
    }
    throw storeError(cause, path);
  }
}

/**
 * Locks a file until `close`, after so long a wait for another process that has it. The kernel holds the lock, so that it ends with
 * a killed process. Throws errors of SQLite.
 */
export function lockFile(path: string, waitMs = 0): { close(): void } {
  const lock = new SqliteDatabase(path, { timeout: waitMs });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw cause;
  }
}

/** Whether `lockFile` failed because another process has the file. */
export function isHeldByAnother(cause: unknown): boolean {
  return codeOf(cause).startsWith('SQLITE_BUSY');
}

export function isCorrupt(cause: unknown): boolean {
  const code = codeOf(cause);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

/** Whether it is a `StoreError` because the disk is full. */
export function isFull(error: unknown): boolean {
  return error instanceof StoreError && codeOf(error.cause) === 'SQLITE_FULL';
}

function codeOf(cause: unknown): string {
  return String((cause as { code?: unknown }).code ?? '');
}

const REMEDIES: readonly (readonly [start: string, errorCode: ErrorCode, message: string])[] = [
  [
    'SQLITE_BUSY',
    'SEN_STO_LOCKED',
    'is locked by another program: close what has it open, e.g. sqlite3 or a backup',
  ],
  [
    'SQLITE_LOCKED',
    'SEN_STO_LOCKED',
    'is locked by another program: close what has it open, e.g. sqlite3 or a backup',
  ],
  ['SQLITE_FULL', 'SEN_STO_DISK_FULL', 'cannot grow: no space left on the disk, free some'],
  ['ENOSPC', 'SEN_STO_DISK_FULL', 'cannot be made: no space left on the disk, free some'],
  ['SQLITE_READONLY', 'SEN_STO_WRITE', 'may not be written: check the owner of the state folder'],
  [
    'SQLITE_CANTOPEN',
    'SEN_STO_WRITE',
    'cannot be opened: check that its folder exists and belongs to this user',
  ],
  [
    'ENOENT',
    'SEN_STO_WRITE',
    'cannot be made: its folder cannot be made, choose another state folder',
  ],
  ['EACCES', 'SEN_STO_WRITE', 'cannot be made: check the owner of the state folder'],
  [
    'EROFS',
    'SEN_STO_WRITE',
    'cannot be made: the file system is read-only, choose another state folder',
  ],
  ['ENOTDIR', 'SEN_STO_WRITE', 'cannot be made: a part of its path is a file'],
  ['EEXIST', 'SEN_STO_WRITE', 'cannot be made: a part of its path is a file'],
  ['SQLITE_IOERR', 'SEN_STO_DISK', 'cannot be read or written: check the disk'],
];

/** Errors of SQLite and of the file system as `StoreError`; bugs as they are. */
export function storeError(cause: unknown, path: string): unknown {
  if (cause instanceof StoreError) return cause;
  const code = codeOf(cause);
  const remedy = REMEDIES.find(([start]) => code.startsWith(start));
  if (remedy) return new StoreError(`${path} ${remedy[2]}`, { code: remedy[1], cause });
  if (!(cause instanceof SqliteDatabase.SqliteError || isSystemError(cause))) return cause;
  return new StoreError(`${path}: ${cause.message} (${code})`, { code: 'SEN_STO_DATABASE', cause });
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}
