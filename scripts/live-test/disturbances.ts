// What a live test does to the machine: while the daemon learns a busy one, and while it watches.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/engine/random.ts';
import { FAULTS } from '../record-host-faults/faults.mjs';
import type { Disturbance } from './judge.ts';

interface Step {
  readonly name: string;
  readonly kind: string;
  /** 0 to 1, as the kind takes it. */
  readonly strength: number;
}

/** In the order in which they come. */
export const DISTURBANCES: readonly Step[] = [
  { name: 'one busy core', kind: 'cpu_hog', strength: 0 },
  { name: 'two busy cores', kind: 'cpu_hog', strength: 1 },
  { name: 'memory allocated, 2 GB or two thirds', kind: 'memory_allocation', strength: 1 },
  { name: 'loopback, 50 MB/s', kind: 'loopback_load', strength: 1 },
  { name: 'disk written', kind: 'disk_write_storm', strength: 0.5 },
  { name: 'disk read', kind: 'disk_read_storm', strength: 0.5 },
  { name: 'forks', kind: 'fork_storm', strength: 0 },
  { name: 'open files', kind: 'descriptor_leak', strength: 1 },
  { name: 'leak, 40 MB/s', kind: 'memory_leak', strength: 0 },
  { name: '200 sleepers', kind: 'sleepers', strength: 0 },
];

/** What building and testing software does, seconds. */
const BUSY = {
  kinds: ['cpu_hog', 'fork_storm', 'disk_write_storm', 'memory_allocation'],
  lastS: [10, 60],
  pauseS: [2, 20],
} as const;

/** Seconds to milliseconds. */
const MS = 1000;

/** Disturbs for `seconds`, then returns when it was; ends the disturbance also when the signal aborts. */
export async function disturb(
  { name, kind, strength }: Step,
  seconds: number,
  folder: string,
  signal: AbortSignal,
): Promise<Disturbance> {
  const fault = FAULTS[kind];
  if (!fault) throw new RangeError(`no fault is called ${kind}`);
  const startMs = Date.now();
  const end = fault.start({ folder, strength });
  try {
    await sleep(seconds * MS, undefined, { signal });
  } finally {
    end();
  }
  return { name, startMs, endMs: Date.now() };
}

/** Keeps the machine busy, one thing after the other, until the time comes. */
export async function keepBusy(
  untilMs: number,
  random: Random,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const between = ([low, high]: readonly [number, number]): number =>
    low + (high - low) * random.uniform();
  while (Date.now() < untilMs) {
    const kind = BUSY.kinds[random.integer(BUSY.kinds.length)] ?? BUSY.kinds[0];
    const leftS = (untilMs - Date.now()) / MS;
    const seconds = Math.min(leftS, between(BUSY.lastS));
    await disturb({ name: kind, kind, strength: random.uniform() }, seconds, folder, signal);
    await sleep(between(BUSY.pauseS) * MS, undefined, { signal });
  }
}
