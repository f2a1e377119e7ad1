// Where a release lies between its check and its installation, and which one was put back. Nobody else may write there.
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError } from '../../core/errors.ts';
import { doubtOf } from '../plugins/load-plugins.ts';

/** Throws `DeviceError` when it cannot be created, or belongs to a user who is not trusted. */
export function makeStaging(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new DeviceError(
      `${folder} cannot be created (${(cause as Error).message}): run the update as the owner of the program, or with sudo`,
      { code: 'SEN_DEV_FOLDER', cause },
    );
  }
  const user = process.getuid?.();
  if (user === undefined) return; // a system without such owners
  const doubt = doubtOf(lstatSync(folder), user);
  if (doubt === undefined) return;
  throw new DeviceError(
    `${folder} ${doubt}, expected a folder that only you may write to: sudo rm -r ${folder}`,
    { code: 'SEN_DEV_FOLDER' },
  );
}

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
