// Files and folders that are written by name: what the disk refuses is one line for the user, never a bug.
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../../core/errors.ts';

/** Makes a folder and those above it. Throws `StoreError` naming it. */
export function makeFolder(path: string): void {
  onDisk(path, () => makeWithParents(path));
}

/** Node's own `recursive` never ends below /proc, where a folder that is there can have no other one. */
function makeWithParents(path: string): void {
  try {
    mkdirSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw cause;
    makeWithParents(dirname(path));
    makeWithParents(path);
  }
}

/** Written under another name first: a stop leaves the old file or the new one. Throws `StoreError` naming the file. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const part = `${path}.part`;
  onDisk(path, () => {
    try {
      writeFileSync(part, content, { flush: true });
      renameSync(part, path);
    } catch (cause) {
      rmSync(part, { force: true }); // a full disk needs the room
      throw cause;
    }
  });
}

/** Throws `StoreError` naming `path` where `work` is refused by the disk or the file system. */
export function onDisk<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw cannotWrite(path, cause);
  }
}

/** What the disk or the file system says about `path`, in one line. */
export function cannotWrite(path: string, cause: unknown): StoreError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const full = FULL.has(code);
  return new StoreError(
    full
      ? `${path}: no space left on the disk: free some`
      : `${path} cannot be written: ${ADVICE.get(code) ?? message}`,
    { code: full ? 'SEN_STO_DISK_FULL' : 'SEN_STO_WRITE', cause },
  );
}

/** Disk and quota. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

const MAY_NOT = 'this user may not write there: choose another folder, or change its rights';
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['EACCES', MAY_NOT],
  ['EPERM', MAY_NOT],
  ['EROFS', 'its file system is read-only: choose another folder'],
  ['ENOENT', 'its folder does not exist: create it first'],
  ['ENOTDIR', 'a file stands where a folder is needed: choose another folder'],
  ['EEXIST', 'a file stands where a folder is needed: choose another folder'],
  ['EISDIR', 'it is a folder: name a file'],
  ['EFBIG', 'it would be larger than this process may write: raise the limit (ulimit -f)'],
]);

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'errno' in cause && 'syscall' in cause;
}
