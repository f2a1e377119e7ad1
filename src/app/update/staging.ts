// Where a release lies between its check and its installation. Nobody else may write there: it could be another one by then.
import { lstatSync, mkdirSync } from 'node:fs';
import { DeviceError } from '../../core/errors.ts';
import { doubtOf } from '../plugins/trust.ts';

/** Throws `DeviceError` when it cannot be made, or was made by somebody who is not trusted. */
export function makeStaging(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new DeviceError(
      `${folder} cannot be made (${(cause as Error).message}): run it as the owner of the program, or with sudo`,
      { cause },
    );
  }
  const user = process.getuid?.();
  if (user === undefined) return; // a system without such owners
  const doubt = doubtOf(lstatSync(folder), user);
  if (doubt === undefined) return;
  throw new DeviceError(
    `${folder} ${doubt}, expected a folder of yours alone: sudo rm -r ${folder}`,
  );
}
