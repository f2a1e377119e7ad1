// What an update asks for before anything is changed: where from, signed by whom, for what machine.
import type { KeyObject } from 'node:crypto';
import { ConfigError } from '../../core/errors.ts';
import { publicKeyFrom } from '../config/public-key.ts';
import type { UpdateOptions } from '../config/update-options.ts';
import { version } from '../version.ts';
import type { Installation } from './installation.ts';
import { DEBIAN_ARCH, type Here, type Standing, standingOf } from './offer.ts';
import { type Origin, openOrigin } from './origin.ts';
import { type Release, readRelease } from './release.ts';

export interface Found {
  readonly origin: Origin;
  readonly release: Release;
  readonly here: Here;
  readonly standing: Standing;
}

/** Throws `ConfigError` when it is not said where from or by whose key, `UpdateError` when nothing good is there. */
export async function findRelease(
  { from, publicKey }: UpdateOptions,
  { kind }: Pick<Installation, 'kind'>,
): Promise<Found> {
  if (from === undefined) {
    throw new ConfigError('nobody said where releases lie: set update.from, or add --from');
  }
  if (publicKey === undefined) {
    throw new ConfigError(
      `no key to check releases with: set update.publicKey, or add --public-key; take it from whoever makes them, not from ${from}`,
    );
  }
  const origin = openOrigin(from);
  const release = await readRelease(origin, keyFrom(publicKey));
  const here: Here = {
    version: version(),
    node: process.versions.node,
    abi: process.versions.modules,
    arch: DEBIAN_ARCH[process.arch],
    kind,
  };
  return { origin, release, here, standing: standingOf(release, here) };
}

function keyFrom(publicKey: string): KeyObject {
  try {
    return publicKeyFrom(publicKey);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(`update.publicKey: ${cause.message}`, { cause });
  }
}
