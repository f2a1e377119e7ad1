import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';

/** For the owner alone. */
const MODE = 0o600;

/**
 * Has `path` be a file that only its owner may read, empty if it was not there; before SQLite opens it, which gives what it
 * puts beside the same mode. Throws what the file system throws.
 */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', MODE));
  else if (statSync(path).mode & 0o077) chmodSync(path, MODE);
}
