// Names in the state folder of a daemon, and how root writes there for the user of the service.
import { lchownSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The history: alerts, scores and the outbox. */
export const HISTORY_FILE = 'history.db';

/** Folder for copies of the history. */
export const BACKUPS = 'backups';

/**
 * Opens a new file for its owner alone; the caller closes it. Root writes into folders of the service's user, which might
 * have put a link there that leads elsewhere: it is removed and not followed.
 */
export function openAnew(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, 'wx', 0o600);
}

/**
 * Root writes for the service, whose user has to read and write what root made. Links are given, never what they lead to:
 * that user may have set them.
 */
export function giveTo(owner: { readonly uid: number; readonly gid: number }, path: string): void {
  if (process.getuid?.() !== 0) return;
  lchownSync(path, owner.uid, owner.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(owner, join(path, name));
}
