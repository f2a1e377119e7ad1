// A folder that one process works in at a time. The lock ends with its process, however that ends.
import { readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../core/errors.ts';
import { makeFolder, onDisk } from './written-file.ts';

const LOCK_FILE = '.lock';

/** What file systems without links answer. */
const LINKLESS: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * Makes the folder, and holds it until the returned function is called. Throws `StoreError` where another process holds it, or
 * where it cannot be written.
 */
export function holdFolder(folder: string): () => void {
  makeFolder(folder);
  const path = join(folder, LOCK_FILE);
  const own = `${process.pid} ${startOf(process.pid) ?? ''}`;
  while (!taken(path, own)) {
    const holder = holderOf(path);
    if (holder !== undefined) {
      throw new StoreError(
        `${folder} is in use by process ${holder}: wait until it ends, or name another folder`,
        { code: 'SEN_STO_FOLDER_IN_USE' },
      );
    }
    rmSync(path, { force: true }); // of a process that was killed
  }
  return () => rmSync(path, { force: true });
}

/** Whether the lock was made now; false where there is one. A link, because it has its content at once. */
function taken(path: string, own: string): boolean {
  return onDisk(path, () => {
    try {
      symlinkSync(own, path);
      return true;
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (LINKLESS.has(code)) return true; // e.g. a stick with FAT: works without a lock
      throw cause;
    }
  });
}

/** The process that made the lock, if it still runs; undefined for a lock that nobody holds. */
function holderOf(path: string): string | undefined {
  const [pid, start] = textOf(path).split(' ');
  if (pid === undefined || start === undefined) return undefined;
  return startOf(pid) === start ? pid : undefined;
}

/** Empty where the lock was released in between. */
function textOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** When a process was started, in ticks since the machine was: a process id is given again, this with it is not. */
function startOf(pid: number | string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // there is no such process
  }
}
