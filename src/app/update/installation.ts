// How this program came onto the machine, which decides how another release of it does.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { outputOf } from '../service/system-programs.ts';

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
      `${root} is a folder of sources, which no release replaces: git pull && npm install there`,
    );
  }
  return { kind: 'tarball', root, staging: join(dirname(root), '.sentigon-update') };
}
