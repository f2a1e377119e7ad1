// What a search may ask for: networks of a space on the devices there are, as far as they keep within the limits. A library
// may grow: what is in it keeps its number.
import { ConfigError } from '../../core/errors.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { Candidates } from '../../lab/search/contract.ts';
import type { FamilyLevel } from '../../lab/search/families/contract.ts';
import { candidatesIn, type NetworkSpace } from '../../lab/search/families/index.ts';
import { pairsOf } from '../../lab/search/pairs.ts';
import type { NetworkDesign } from '../../models/network-family.ts';
import { breachesOf, type Costs, leastOf, requireKnown, type Scale, scaleOf } from './costs.ts';
import type { SearchDevice } from './devices.ts';
import type { Limits, SearchSettings } from './settings.ts';

/** A network on a device. */
export interface Choice {
  readonly network: ProfiledNetwork;
  readonly device: SearchDevice;
  /** Absent where they are measured. */
  readonly costs?: Costs | undefined;
  /** Of the search, from 1 on, in which it was new. */
  readonly level: number;
}

export interface Library {
  readonly designs: readonly NetworkDesign[];
  readonly candidates: Candidates;
  /** By candidate. */
  readonly choices: readonly Choice[];
  /** Pairs of a network and a device that there would be without limits. */
  readonly all: number;
  /** Absent where costs are measured. */
  readonly scale?: Scale | undefined;
}

type Pair = readonly [design: number, device: number];

type LibrarySettings = Pick<SearchSettings, 'space' | 'embedding' | 'limits' | 'objectives'>;

export interface LibraryTask {
  readonly settings: LibrarySettings;
  readonly devices: readonly SearchDevice[];
  /** Channels. */
  readonly width: number;
}

/**
 * `before` is what it grows from, whose designs come first. Throws `ConfigError` where nothing is left, a limit is on an
 * unknown cost, or a profile is of other networks.
 */
export function libraryOf(
  { settings, devices, width }: LibraryTask,
  designs: readonly NetworkDesign[],
  { space }: FamilyLevel<NetworkSpace>,
  before?: Library,
): Library {
  const { limits } = settings;
  const { rows, patch } = space;
  const networks = designs.map((point) => ({ point, rows, patch, width, horizon: 1 }));
  for (const device of devices) device.requireReach?.(networks);
  const costs = devices.map((device) => device.costsOf?.(networks));
  for (const [i, { kind }] of devices.entries()) {
    const [first] = costs[i] ?? [];
    if (first) requireKnown(kind, first, settings);
  }
  const fits = (design: number, device: number): boolean => {
    const found = costs[device]?.[design];
    return found === undefined || breachesOf(found, limits).length === 0;
  };
  const pairs = designs.flatMap((_, design) =>
    devices.flatMap((__, device) => (fits(design, device) ? [[design, device] as const] : [])),
  );
  const known = costs.flatMap((each) => each ?? []);
  if (pairs.length === 0) throw nothingFits(known, limits);
  const all = designs.length * devices.length;
  const level = (before?.choices.at(-1)?.level ?? 0) + 1;
  const choices = pairs.map(([design, device], number) => ({
    network: networks[design] as ProfiledNetwork,
    device: devices[device] as SearchDevice,
    costs: costs[device]?.[design],
    level: before?.choices[number]?.level ?? level,
  }));
  return {
    designs,
    candidates: numbered({ ...settings, space }, designs, devices.length, pairs),
    choices,
    all,
    scale: known.length === all ? scaleOf(known) : undefined,
  };
}

/** In the order of the pairs; with one device, networks alone. */
function numbered(
  { space, embedding }: LibrarySettings,
  designs: readonly NetworkDesign[],
  devices: number,
  pairs: readonly Pair[],
): Candidates {
  const used = [...new Set(pairs.map(([design]) => design))];
  const points = used.map((design) => designs[design] as NetworkDesign);
  const networks = candidatesIn(space, points, embedding);
  if (devices === 1) return networks;
  const place = new Map(used.map((design, i) => [design, i]));
  const list = pairs.map(([design, device]) => [place.get(design) as number, device] as const);
  return pairsOf(networks, deviceCandidates(devices), list);
}

/** Says how far off the nearest is, for each limit that nothing keeps. */
function nothingFits(costs: readonly Costs[], limits: Limits): ConfigError {
  const kept = leastOf(costs);
  const reasons = breachesOf(kept, limits);
  return new ConfigError(
    reasons.length > 0
      ? `nothing in the space keeps within the limits, even the least ${reasons.join(', the least ')}: raise them, or take a smaller space or a faster device`
      : 'nothing in the space keeps within all limits at once: raise one of them',
    { code: 'SEN_CFG_SEARCH_LIMITS' },
  );
}

/** Devices as one half of pairs: none is nearer to another than the rest. */
export function deviceCandidates(count: number): Candidates {
  const values = new Float64Array(count * count);
  for (let device = 0; device < count; device++) values[device * count + device] = 1;
  const all = Array.from({ length: count }, (_, device) => device);
  return {
    count,
    coordinates: { values, width: count },
    choices: { sizes: [count], values: Int32Array.from(all) },
    neighbours: (candidate) => all.filter((device) => device !== candidate),
    find: ({ 0: device }) => (device !== undefined && device < count ? device : undefined),
  };
}
