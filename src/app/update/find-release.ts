// The release that an update would install: its place, its signature, and the machine it must fit. Changes nothing.
import type { KeyObject } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { publicKeyFrom, type UpdateOptions } from '../config/update-options.ts';
import { outputOf } from '../service/system-programs.ts';
import { version } from '../version.ts';
import { DEBIAN_ARCH, type Here, type Standing, standingOf } from './offer.ts';
import { type Origin, openOrigin } from './origin.ts';
import { type Release, readRelease } from './release.ts';

export interface Found {
  readonly origin: Origin;
  readonly release: Release;
  readonly here: Here;
  readonly standing: Standing;
}

/** Throws `ConfigError` when place or key is not configured, `UpdateError` when there is no valid release. */
export async function findRelease(
  { from, publicKey }: UpdateOptions,
  { kind }: Pick<Installation, 'kind'>,
): Promise<Found> {
  if (from === undefined) {
    throw new ConfigError('no place of releases is configured: set update.from, or add --from', {
      code: 'SEN_CFG_NO_RELEASES',
    });
  }
  if (publicKey === undefined) {
    throw new ConfigError(
      `no key is configured to check releases with: set update.publicKey, or add --public-key; get the key from the maker of the releases, not from ${from}`,
      { code: 'SEN_CFG_NO_RELEASE_KEY' },
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
    throw new ConfigError(`update.publicKey: ${cause.message}`, {
      code: 'SEN_CFG_RELEASE_KEY',
      cause,
    });
  }
}

export type Installation =
  | { readonly kind: 'deb'; readonly staging: string }
  /** A folder of its own, as npm or an unpacked archive leave it. */
  | { readonly kind: 'tarball'; readonly staging: string; readonly root: string };

/** Where Debian packages wait. */
const DEB_STAGING = '/var/cache/sentigon';

/** `main` is the main.js that runs. Throws `ConfigError` for a folder of sources. */
export function installationOf(main: string): Installation {
  const path = realpathSync(main);
  if (outputOf('dpkg-query', '--search', path)?.startsWith('sentigon:')) {
    return { kind: 'deb', staging: DEB_STAGING };
  }
  const root = dirname(dirname(path));
  if (existsSync(join(root, 'src')) || existsSync(join(root, '.git'))) {
    throw new ConfigError(
      `${root} is a folder of sources, which an update does not replace: git pull && npm install there`,
      { code: 'SEN_CFG_SOURCE_FOLDER' },
    );
  }
  return { kind: 'tarball', root, staging: join(dirname(root), '.sentigon-update') };
}
