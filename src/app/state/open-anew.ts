import { openSync, rmSync } from 'node:fs';

/**
 * Opens a new file for its owner alone; the caller closes it. Root writes into folders of the service's user, which might
 * have put a link there that leads elsewhere: it is removed and not followed.
 */
export function openAnew(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, 'wx', 0o600);
}
