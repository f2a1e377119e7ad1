// Where a backup is put together: a folder beside the result, which goes with the process, at the latest when the next one
// looks.
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError } from '../../core/errors.ts';
import { claim } from '../../io/store/database.ts';

const PREFIX = '.sentigon-backup-';
/** Claimed for as long as the process lives that works there. */
const OWNER = 'owner';

export interface Staging {
  /** Becomes the archive's content. */
  readonly content: string;
  /** Path for the archive, to be renamed when it is whole. */
  readonly archive: string;
  remove(): void;
}

/** Throws what the file system throws. Takes away first what killed processes have left there. */
export function openStaging(beside: string): Staging {
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

/** Removes the copies of processes that were killed, but those of another user, and those that somebody is at work on. */
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
