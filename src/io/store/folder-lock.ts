// A folder that one process works in at a time: a search or an optimisation with its journal, results while they are written.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../core/errors.ts';
import { makeFolder, onDisk } from '../files/written-file.ts';
import { isHeldByAnother, lockFile, storeError } from './database.ts';

/** It stays in the folder: whoever removed it could remove that of the next process. */
const LOCK_FILE = '.lock';

/**
 * Makes the folder, and holds it until the returned function is called or the process ends. Throws `StoreError` where another
 * process holds it after the wait, or where it cannot be written.
 */
export function holdFolder(folder: string, waitMs = 0): () => void {
  makeFolder(folder);
  const path = join(folder, LOCK_FILE);
  // Not opened where it is there: to close it again would end a lock of this process (fcntl_locking(2)).
  if (!existsSync(path)) onDisk(path, () => writeFileSync(path, ''));
  try {
    const lock = lockFile(path, waitMs);
    return () => lock.close();
  } catch (cause) {
    if (!isHeldByAnother(cause)) throw storeError(cause, path);
    throw new StoreError(
      `${folder} is in use by another process: wait until it ends, or name another folder`,
      { code: 'SEN_STO_FOLDER_IN_USE', cause },
    );
  }
}

/** Writing takes milliseconds: a process that has the folder for longer is stuck. */
const LONGEST_WAIT_MS = 30_000;

/** Writes into a folder after other processes, never at the same time as they do. Throws as `holdFolder` does, and what `write` throws. */
export function writeAlone<T>(folder: string, write: () => T): T {
  const release = holdFolder(folder, LONGEST_WAIT_MS);
  try {
    return write();
  } finally {
    release();
  }
}
