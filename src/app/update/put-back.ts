// Which release was put back, so that the timer does not stop the daemons for it night after night.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'put-back';

/** In `staging`, the folder where releases wait. */
export function rememberPutBack(staging: string, version: string): void {
  try {
    writeFileSync(join(staging, FILE), version);
  } catch {
    // a full disk, say: nothing is to keep the previous release from coming back, and the timer tries this one again
  }
}

export function forgetPutBack(staging: string): void {
  rmSync(join(staging, FILE), { force: true });
}

export function wasPutBack(staging: string, version: string): boolean {
  const path = join(staging, FILE);
  return existsSync(path) && readFileSync(path, 'utf8') === version;
}
