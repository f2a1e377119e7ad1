import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

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
