// The state of a daemon as one file, taken while it runs.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { KnownError, StoreError } from '../../core/errors.ts';
import { claim } from '../../io/store/database.ts';
import { snapshot } from '../../io/store/offline.ts';
import { version } from '../version.ts';
import { pack } from './archive.ts';
import { isRestorePending } from './pending-restore.ts';
import { HISTORY_FILE } from './state-files.ts';

/** Says what an archive is; a restore takes no other. */
export const MANIFEST = 'sentigon-backup.json';

/** What a daemon needs to go on elsewhere; all else in the folder is the moment's: rows, locks, sockets, old copies. */
export const PARTS = ['models', 'thresholds'];

/**
 * Throws `StoreError` when there is no state or the file cannot be written, and the signal's reason; nothing is left then.
 */
export async function makeBackup(
  state: string,
  file: string,
  nowMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const history = join(state, HISTORY_FILE);
  if (isRestorePending(state)) {
    throw new StoreError(
      `${state} holds a restore that was interrupted: start its daemon, which finishes the restore, or restore again`,
      { code: 'SEN_STO_RESTORE_PENDING' },
    );
  }
  const parts = PARTS.filter((part) => existsSync(join(state, part)));
  if (!existsSync(history) && parts.length === 0) {
    throw new StoreError(
      `${state} holds no state: name the configuration with --config, or use sudo if it is the service's`,
      { code: 'SEN_STO_NO_STATE' },
    );
  }
  const target = resolve(file);
  const staging = stagingBeside(target);
  try {
    const { content } = staging;
    if (existsSync(history)) await snapshot(history, join(content, HISTORY_FILE));
    signal?.throwIfAborted();
    for (const part of parts) cpSync(join(state, part), join(content, part), { recursive: true });
    const manifest = { program: version(), madeAt: new Date(nowMs).toISOString() };
    writeFileSync(join(content, MANIFEST), `${JSON.stringify(manifest)}\n`);
    pack(content, staging.archive, target);
  } finally {
    staging.remove();
  }
}

/** On the same file system as the result: /tmp may be memory. */
function stagingBeside(file: string): Staging {
  try {
    return openStaging(dirname(file));
  } catch (cause) {
    throw new StoreError(`${file} cannot be written: ${(cause as Error).message}`, {
      code: 'SEN_STO_WRITE',
      cause,
    });
  }
}

/** Whether a folder holds a daemon's state. */
export function holdsState(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((name) => name === HISTORY_FILE || PARTS.includes(name));
}

const PREFIX = '.sentigon-backup-';
/** Claimed for as long as the process lives that works there. */
const OWNER = 'owner';

interface Staging {
  /** Becomes the archive's content. */
  readonly content: string;
  /** Path for the archive, to be renamed when it is whole. */
  readonly archive: string;
  remove(): void;
}

/** Throws what the file system throws. Takes away first what killed processes have left there. */
function openStaging(beside: string): Staging {
  sweepStagings(beside);
  const folder = mkdtempSync(join(beside, PREFIX));
  const lock = claim(join(folder, OWNER));
  const content = join(folder, 'content');
  mkdirSync(content);
  return {
    content,
    archive: join(folder, 'archive'),
    remove() {
      rmSync(folder, { recursive: true, force: true });
      lock.release();
    },
  };
}

/** Removes the copies of processes that were killed, but those of another user, and those that a running process uses. */
export function sweepStagings(beside: string): void {
  for (const name of readdirSync(beside).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(beside, name);
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isAbandoned(folder: string): boolean {
  if (lstatSync(folder).uid !== process.getuid?.()) return false;
  // without a lock it is just being made, and holds nothing yet
  if (!existsSync(join(folder, `${OWNER}.lock`))) return false;
  try {
    claim(join(folder, OWNER)).release();
    return true;
  } catch (error) {
    if (error instanceof KnownError) return false;
    throw error;
  }
}
