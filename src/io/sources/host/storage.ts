// Free space of file systems, and the flags of a Raspberry Pi that is short of power or too hot.
import { type StatsFs, statfsSync } from 'node:fs';
import type { Channel } from '../../../core/sample.ts';
import type { Probe, ReadText } from './probe.ts';

/** Time between two looks at file systems, seconds. */
const LOOK_S = 30;
/** More file systems are those of containers and snapshots. */
const MOST = 8;
/** File systems that hold data on this machine; others are in memory, read-only images, or on a network that may hang. */
const TYPES: ReadonlySet<string> = new Set(
  'bcachefs btrfs exfat ext2 ext3 ext4 f2fs jfs ntfs3 vfat xfs zfs'.split(' '),
);
/** A root of layers, as in a container or with a read-only card. */
const ROOT_TYPES: ReadonlySet<string> = new Set(['overlay', ...TYPES]);
/** What comes and goes, or belongs to others. */
const LEFT_OUT = /^\/(media|run|snap|var\/lib\/(docker|containers|snapd))(\/|$)/;

interface FileSystem {
  readonly mount: string;
  readonly space: Channel;
  /** Absent = this kind has no fixed number of inodes. */
  readonly inodes?: Channel;
  readonly trend: SpaceTrend;
}

export interface FileSystemProbe extends Probe {
  /** Hours until the file system of a channel is full if it goes on like this; undefined = it does not fill, or not soon. */
  hoursLeft(channelId: string): number | undefined;
}

/** Throws what the system throws; `statfsSync` is one. */
export type ReadFileSystem = (
  path: string,
) => Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;

/**
 * Free share of each file system for ordinary users, and of its inodes: `disk.free` is the root, `disk.free:/data` another.
 * `root` is the folder that holds proc and the mounts. Which there are is found out once.
 */
export function fileSystemProbe(
  readText: ReadText,
  root: string,
  readFileSystem: ReadFileSystem = statfsSync,
): FileSystemProbe {
  const stateAt = (mount: string) => {
    try {
      return readFileSystem(`${root}${mount}`);
    } catch {
      return undefined; // not allowed for this user, or unmounted
    }
  };
  const systems = mountsIn(readText('proc/self/mounts') ?? '').flatMap((mount) => {
    const state = stateAt(mount);
    if (!state || state.blocks === 0) return [];
    const end = mount === '/' ? '' : `:${mount}`;
    const space = { id: `disk.free${end}`, unit: '%' };
    const trend = new SpaceTrend();
    const inodes = { id: `disk.inodes${end}`, unit: '%' };
    return [{ mount, space, trend, ...(state.files > 0 && { inodes }) }];
  });
  const channels = systems.flatMap(({ space, inodes }) => (inodes ? [space, inodes] : [space]));
  const latest = new Float64Array(channels.length).fill(Number.NaN);
  let sinceS = Number.POSITIVE_INFINITY;
  return {
    channels,
    read(elapsedS, into, offset) {
      sinceS += elapsedS;
      if (sinceS >= LOOK_S) {
        latest.set(systems.flatMap((system) => freeShares(system, stateAt(system.mount), sinceS)));
        sinceS = 0;
      }
      into.set(latest, offset);
    },
    hoursLeft: (id) => systems.find(({ space }) => space.id === id)?.trend.hoursLeft(),
  };
}

function freeShares(
  { inodes, trend }: FileSystem,
  state: ReturnType<ReadFileSystem> | undefined,
  afterS: number,
): number[] {
  const free = state ? state.bavail * state.bsize : Number.NaN;
  trend.take(free, Number.isFinite(afterS) ? afterS : LOOK_S);
  // as df: what is kept for the administrator counts neither as used nor as free
  const space = state ? (100 * state.bavail) / (state.blocks - state.bfree + state.bavail) : NaN;
  if (!inodes) return [space];
  return [space, state && state.files > 0 ? (100 * state.ffree) / state.files : Number.NaN];
}

/** Mount points to watch: each device once, under its shortest path. */
function mountsIn(mounts: string): readonly string[] {
  const found = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [device = '', escaped = '', type = ''] = line.split(' ');
    const mount = escaped.replace(/\\(\d{3})/g, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const isData = (mount === '/' ? ROOT_TYPES : TYPES).has(type) && !LEFT_OUT.test(mount);
    const shortest = found.get(device);
    if (isData && (shortest === undefined || mount.length < shortest.length)) {
      found.set(device, mount);
    }
  }
  return [...found.values()].sort().slice(0, MOST);
}

/** Looks that a trend is fitted to: half an hour of them. */
const TREND_LOOKS = 60;
/** Fewer looks show no trend. */
const LEAST_LOOKS = 4;
/** What is farther away is no concern, and cannot be told from the space of half an hour, hours. */
const MOST_HOURS = 96;

class SpaceTrend {
  #looks: { readonly free: number; readonly timeS: number }[] = [];

  take(free: number, afterS: number): void {
    const timeS = (this.#looks.at(-1)?.timeS ?? 0) + afterS;
    if (!Number.isFinite(free)) this.#looks = [];
    else this.#looks = [...this.#looks, { free, timeS }].slice(-TREND_LOOKS);
  }

  /** By the least squares' slope. */
  hoursLeft(): number | undefined {
    const looks = this.#looks;
    const last = looks.at(-1);
    if (!last || looks.length < LEAST_LOOKS) return undefined;
    const meanS = looks.reduce((sum, { timeS }) => sum + timeS, 0) / looks.length;
    const meanFree = looks.reduce((sum, { free }) => sum + free, 0) / looks.length;
    let covariance = 0;
    let variance = 0;
    for (const { free, timeS } of looks) {
      covariance += (timeS - meanS) * (free - meanFree);
      variance += (timeS - meanS) ** 2;
    }
    const lossPerS = -covariance / variance;
    const hours = last.free / lossPerS / 3600;
    return lossPerS > 0 && hours <= MOST_HOURS ? hours : undefined;
  }
}

const THROTTLED = 'sys/devices/platform/soc/soc:firmware/get_throttled';
/** Each look asks the firmware, seconds. */
const THROTTLED_LOOK_S = 5;
/** Bits of the flags: under-voltage now; frequency capped, throttled or at the soft temperature limit now. */
const UNDERVOLTAGE = 0b1;
const SLOWED = 0b1110;

/** 1 while a Raspberry Pi has too little voltage, and while its processor is slowed down; no channels on other machines. */
export function throttlingProbe(readText: ReadText): Probe {
  const isPi = readText(THROTTLED) !== undefined;
  const latest = [Number.NaN, Number.NaN];
  let sinceS = Number.POSITIVE_INFINITY;
  return {
    channels: isPi
      ? [
          { id: 'power.undervoltage', unit: '' },
          { id: 'cpu.throttled', unit: '' },
        ]
      : [],
    read(elapsedS, into, offset) {
      if (!isPi) return;
      sinceS += elapsedS;
      if (sinceS >= THROTTLED_LOOK_S) {
        sinceS = 0;
        const flags = Number.parseInt(readText(THROTTLED) ?? '', 16);
        const isSet = (bits: number) =>
          Number.isNaN(flags) ? flags : Number((flags & bits) !== 0);
        latest.splice(0, 2, isSet(UNDERVOLTAGE), isSet(SLOWED));
      }
      into.set(latest, offset);
    },
  };
}
