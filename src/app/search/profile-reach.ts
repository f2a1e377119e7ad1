// Whether a profile may tell of networks: what it was never measured on, it only guesses, and guesses are far off.
import { ConfigError } from '../../core/errors.ts';
import { extent } from '../../engine/statistics.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import { nameOf } from '../../models/design-point.ts';

/** Throws `ConfigError`, in one line, where a network lies outside of what was measured. `path` is for the message. */
export function requireWithinReach(
  path: string,
  measured: readonly ProfiledNetwork[],
  networks: readonly ProfiledNetwork[],
): void {
  for (const { what, of } of KINDS) {
    const known = new Set(measured.flatMap(of));
    const strange = networks.flatMap(of).find((one) => !known.has(one));
    if (strange !== undefined) throw beyond(path, `${what} ${strange}`, [...known].join(', '));
  }
  for (const { what, of } of SIZES) {
    const [least, most] = extent(measured.flatMap(of));
    const strange = networks.flatMap(of).find((one) => one < least || one > most);
    if (strange !== undefined) throw beyond(path, `${what} ${strange}`, `${least} to ${most}`);
  }
}

/** Between two of these there is nothing. */
const KINDS: readonly {
  readonly what: string;
  readonly of: (network: ProfiledNetwork) => readonly string[];
}[] = [
  {
    what: 'windows of rows/patch',
    of: ({ rows, patch }) => [`${rows}/${patch}`],
  },
  {
    what: 'heads of',
    of: ({ point }) => point.layers.flatMap(({ heads }) => heads.map(nameOf)),
  },
];

const SIZES: readonly {
  readonly what: string;
  readonly of: (network: ProfiledNetwork) => readonly number[];
}[] = [
  { what: 'channels', of: ({ width }) => [width] },
  { what: 'layers', of: ({ point }) => [point.layers.length] },
  { what: 'width of a layer', of: ({ point }) => point.layers.map(({ hidden }) => hidden) },
  { what: 'heads of a layer', of: ({ point }) => point.layers.map(({ heads }) => heads.length) },
  {
    what: 'feed-forward layers',
    of: ({ point }) => point.layers.map(({ feedForward }) => feedForward.length),
  },
  {
    what: 'feed-forward width',
    of: ({ point }) => point.layers.flatMap(({ feedForward }) => feedForward),
  },
];

function beyond(path: string, found: string, known: string): ConfigError {
  return new ConfigError(
    `${path} tells nothing of ${found}, only of ${known}: profile that device again with the --space and the --channels of this search`,
  );
}
