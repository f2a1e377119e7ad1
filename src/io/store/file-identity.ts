// Whether an open file still lies where it was opened: nothing else tells when somebody deletes or exchanges it.
import { type Stats, statSync } from 'node:fs';

/** A file as the kernel knows it, whatever is done to its name. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/** undefined when there is none. */
export function identify(path: string): FileIdentity | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { device: found.dev, inode: found.ino };
}

/** What has become of an open file, as the rest of a sentence; undefined = it is in its place. One look at the folder. */
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
    // else the folder may not be searched any more, and the open file is as good as before
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'was deleted' : undefined;
  }
  if (found.dev !== device || found.ino !== inode) return 'was exchanged for another file';
  return found.size < leastBytes ? 'was emptied' : undefined;
}
