// A release that was found: fetched, and exchanged for the one that runs here.
import { join } from 'node:path';
import { claim } from '../../io/store/database.ts';
import { download } from './download.ts';
import type { Replacement } from './exchange.ts';
import { exchangeReleases } from './exchange.ts';
import type { Found, Installation } from './find-release.ts';
import type { ReleaseFile } from './release.ts';
import { replaceFolder } from './replace-folder.ts';
import { replacePackage } from './replace-package.ts';
import { forgetPutBack, makeStaging, rememberPutBack } from './staging.ts';
import { saveStates } from './states.ts';
import { activeUnits } from './units.ts';

export interface Place {
  readonly installation: Installation;
  /** State folders of the daemons that are restarted. */
  readonly states: readonly string[];
  /** How long the new release is watched after it is ready, ms. */
  readonly settleMs: number;
  readonly tell: (line: string) => void;
}

/** Throws `UpdateError`, `DeviceError` and `StoreError`. One at a time: others are refused. */
export async function installRelease(
  { origin, release, here }: Found,
  file: ReleaseFile,
  { installation, states, settleMs, tell }: Place,
): Promise<void> {
  const { staging } = installation;
  makeStaging(staging);
  const lock = claim(join(staging, 'update'));
  try {
    const path = await download(origin, file, staging);
    tell(`${file.name}: signed and complete`);
    await exchangeReleases({
      replacement: replacementOf(installation, path, release.version),
      units: activeUnits(),
      states: await saveStates(states, Date.now()),
      from: here.version,
      to: release.version,
      settleMs,
      tell,
      onFault: () => rememberPutBack(staging, release.version),
      now: Date.now,
    });
    forgetPutBack(staging);
  } finally {
    lock.release();
  }
}

function replacementOf(installation: Installation, path: string, version: string): Replacement {
  return installation.kind === 'deb'
    ? replacePackage(path, installation.staging, version)
    : replaceFolder(path, installation, version);
}
