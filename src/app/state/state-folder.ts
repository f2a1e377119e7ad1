// The folder with all that a daemon keeps, before anything in it is used.
import { chmodSync, existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { forgetUnfinished } from '../../io/store/backup.ts';
import { claim } from '../../io/store/database.ts';
import type { Log } from '../log.ts';
import { sweepStagings } from './make-backup.ts';
import { finishRestore, isRestorePending } from './pending-restore.ts';
import { sweepIncoming } from './restore-backup.ts';
import { BACKUPS, HISTORY_FILE } from './state-files.ts';

/** What a process writes from now on is for its user alone, as the unit's UMask= has it, whoever starts it. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}

/**
 * Finishes a restore that was cut short, takes away the copies of killed processes, and closes to others what an earlier
 * release left open to them. Throws `StoreError` when a daemon runs there, or the restore cannot be finished.
 */
export function prepareState(state: string, log: Pick<Log, 'warn'>): void {
  if (!existsSync(state)) return;
  const lock = claim(join(state, HISTORY_FILE));
  try {
    const pending = isRestorePending(state);
    const former = finishRestore(state);
    if (pending) log.warn({ state, former }, 'finished a restore that was interrupted');
    tidy(state, log);
  } finally {
    lock.release();
  }
}

/** A failure here leaves old files or wide permissions, but does not stop the daemon. */
function tidy(state: string, log: Pick<Log, 'warn'>): void {
  try {
    const backups = join(state, BACKUPS);
    for (const folder of [state, backups].filter((one) => existsSync(one))) sweepStagings(folder);
    if (existsSync(backups)) forgetUnfinished(backups);
    sweepIncoming(state);
    for (const name of readdirSync(state)) if (OURS.test(name)) close(join(state, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error; // not the file system's
    log.warn({ state }, `the state folder was not cleaned up: ${(error as Error).message}`);
  }
}

/** What a daemon makes there; the folder itself may be the user's, and hold other things. */
const OURS = /^(history\.db.*|models|thresholds|rows|backups|before-restore-.*)$/;

/** To all but the owner, with what lies in it; links, and what root has put there, are left alone. */
function close(path: string): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink() || status.uid !== process.getuid?.()) return;
  if (status.mode & 0o077) chmodSync(path, status.mode & 0o700);
  if (status.isDirectory()) for (const name of readdirSync(path)) close(join(path, name));
}
