// Puts the state of a backup in the place of another, which is kept beside it.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../core/errors.ts';
import { claim } from '../../io/store/database.ts';
import { fileStamp } from '../../io/store/file-stamp.ts';
import { HISTORY_FILE } from '../outlet.ts';
import { unpack } from './archive.ts';
import { giveTo } from './give-to.ts';
import { holdsState, MANIFEST, PARTS } from './make-backup.ts';

export interface Restored {
  /** Where the former state was put; undefined when there was none. */
  readonly former: string | undefined;
}

/** Throws `StoreError` when a daemon runs there, the file is no backup, or there is a state and `force` is not set. */
export function restoreBackup(
  file: string,
  state: string,
  { force, nowMs }: { readonly force: boolean; readonly nowMs: number },
): Restored {
  if (holdsState(state) && !force) {
    throw new StoreError(`${state} holds a state already: add --force to put it aside`);
  }
  mkdirSync(state, { recursive: true });
  const lock = claim(join(state, HISTORY_FILE)); // a running daemon would write into what comes
  const incoming = mkdtempSync(join(state, 'incoming-'));
  try {
    unpack(file, incoming);
    if (!existsSync(join(incoming, MANIFEST))) {
      throw new StoreError(`${file} is no backup: it holds no ${MANIFEST}`);
    }
    const former = holdsState(state) ? putAside(state, nowMs) : undefined;
    giveTo(statSync(state), incoming);
    for (const name of stateIn(incoming)) renameSync(join(incoming, name), join(state, name));
    return { former };
  } finally {
    rmSync(incoming, { recursive: true, force: true });
    lock.release();
  }
}

function putAside(state: string, nowMs: number): string {
  const former = join(state, `before-restore-${fileStamp(nowMs)}`);
  mkdirSync(former);
  giveTo(statSync(state), former);
  for (const name of stateIn(state)) renameSync(join(state, name), join(former, name));
  return former;
}

/** With the database goes what SQLite keeps beside it. */
function stateIn(folder: string): readonly string[] {
  const wanted = [HISTORY_FILE, `${HISTORY_FILE}-wal`, `${HISTORY_FILE}-shm`, ...PARTS];
  return readdirSync(folder).filter((name) => wanted.includes(name));
}
