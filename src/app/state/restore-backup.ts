// Replaces a state by that of a backup, and keeps the old one beside it. Killed at any moment it leaves the old state,
// or a plan by which the next start or restore makes the new one complete.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StoreError } from '../../core/errors.ts';
import { claim } from '../../io/store/database.ts';
import { fileStamp } from '../../io/store/files.ts';
import { unpack } from './archive.ts';
import { holdsState, MANIFEST, PARTS } from './make-backup.ts';
import { beginRestore, finishRestore, isRestorePending } from './pending-restore.ts';
import { giveTo, HISTORY_FILE } from './state-files.ts';

export interface Restored {
  /** Where the former state was put; undefined when there was none. */
  readonly former: string | undefined;
}

const INCOMING = 'incoming-';

/** Throws `StoreError` when a daemon runs there, the file is no backup, or there is a state and `force` is not set. */
export function restoreBackup(
  file: string,
  state: string,
  { force, nowMs }: { readonly force: boolean; readonly nowMs: number },
): Restored {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const lock = claim(join(state, HISTORY_FILE)); // a running daemon would write into what comes
  giveTo(statSync(state), join(state, `${HISTORY_FILE}.lock`));
  try {
    const pending = isRestorePending(state);
    finishRestore(state);
    if (holdsState(state) && !force) {
      const news = pending ? 'the interrupted restore is finished: ' : '';
      throw new StoreError(`${news}${state} already holds a state: add --force to move it aside`, {
        code: 'SEN_STO_STATE_THERE',
      });
    }
    sweepIncoming(state);
    return putInPlace(file, state, nowMs);
  } finally {
    lock.release();
  }
}

/** Removes what restores have unpacked that were killed before they changed anything. For who holds the state. */
export function sweepIncoming(state: string): void {
  for (const name of readdirSync(state).filter((one) => one.startsWith(INCOMING))) {
    rmSync(join(state, name), { recursive: true, force: true });
  }
}

function putInPlace(file: string, state: string, nowMs: number): Restored {
  const incoming = mkdtempSync(join(state, INCOMING));
  try {
    unpack(file, incoming);
    if (!existsSync(join(incoming, MANIFEST))) {
      throw new StoreError(`${file} is not a backup: it holds no ${MANIFEST}`, {
        code: 'SEN_STO_BACKUP_ARCHIVE',
      });
    }
    giveTo(statSync(state), incoming);
    beginRestore(state, {
      incoming: basename(incoming),
      former: freeName(state, `before-restore-${fileStamp(nowMs)}`),
      leaves: [...stateIn(state)],
      comes: [...stateIn(incoming)],
    });
  } catch (error) {
    if (!isRestorePending(state)) rmSync(incoming, { recursive: true, force: true });
    throw error;
  }
  return { former: finishRestore(state) };
}

function freeName(folder: string, name: string): string {
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(join(folder, free))) return free;
  }
}

/** With the database goes what SQLite keeps beside it. */
function stateIn(folder: string): readonly string[] {
  const wanted = [HISTORY_FILE, `${HISTORY_FILE}-wal`, `${HISTORY_FILE}-shm`, ...PARTS];
  return readdirSync(folder).filter((name) => wanted.includes(name));
}
