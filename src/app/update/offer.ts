// Which file of a release fits this machine.
import { UpdateError } from '../../core/errors.ts';
import { versionOrder } from '../status/version-order.ts';
import type { Release, ReleaseFile } from './release.ts';

export interface Here {
  /** Of Sentigon. */
  readonly version: string;
  /** Of Node, and of its binary interface. */
  readonly node: string;
  readonly abi: string;
  /** As Debian calls it; undefined for a machine that no release is made for. */
  readonly arch: string | undefined;
  readonly kind: ReleaseFile['kind'];
}

/** Node's names of architectures in Debian's words. */
export const DEBIAN_ARCH: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'armhf',
};

export type Standing = 'newer' | 'same' | 'older';

export function standingOf(release: Release, here: Here): Standing {
  const order = versionOrder(release.version, here.version);
  if (order === 0) return 'same';
  return order > 0 ? 'newer' : 'older';
}

/** The file to install. Throws `UpdateError` when this machine must not, or cannot, have it. */
export function fileFor(
  release: Release,
  here: Here,
  { allowDowngrade }: { readonly allowDowngrade: boolean },
): ReleaseFile {
  if (standingOf(release, here) === 'older' && !allowDowngrade) {
    throw new UpdateError(
      `found release ${release.version}, which is older than the running ${here.version}: add --allow-downgrade to install it`,
      { code: 'SEN_UPD_OLDER' },
    );
  }
  if (versionOrder(here.node, release.minNode) < 0) {
    throw new UpdateError(
      `release ${release.version} needs Node ${release.minNode} or newer, found ${here.node}: update Node first`,
      { code: 'SEN_UPD_NODE' },
    );
  }
  const ofKind = release.files.filter(({ kind }) => kind === here.kind);
  const file = ofKind.find(({ arch }) => arch === here.arch);
  if (!file) {
    const there = ofKind.map(({ arch }) => arch).join(', ') || 'none';
    throw new UpdateError(
      `release ${release.version} has no ${here.kind} for ${here.arch ?? process.arch}, only for: ${there}`,
      { code: 'SEN_UPD_NO_FILE' },
    );
  }
  if (file.abi === here.abi) return file;
  throw new UpdateError(
    `${file.name} was built for Node's binary interface ${file.abi}, Node ${here.node} has ${here.abi}: build it here from its sources`,
    { code: 'SEN_UPD_NODE' },
  );
}
