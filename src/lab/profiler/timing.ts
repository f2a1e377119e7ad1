// Times repeated runs of a function, and detects with a yardstick whether other work slows this machine.

import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { median, quantileOfSorted } from '../../engine/statistics.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { initialiseNetwork, project } from '../../models/layers.ts';

export interface TimingOptions {
  /** Fewest runs of the warm-up, and its least duration. */
  readonly warmUpRuns: number;
  readonly warmUpS: number;
  /** Fewest runs that count, and their least total duration. */
  readonly leastRuns: number;
  readonly leastS: number;
}

/** Quantiles over single runs; with a yardstick, only over runs that no other work slowed, if there are enough. */
export interface Timing {
  readonly p50S: number;
  readonly p95S: number;
  /** Number of all runs. */
  readonly runs: number;
  /** Median time of the yardstick during the counted runs, seconds; absent without a yardstick. */
  readonly yardstickS?: number;
}

/**
 * A run that takes this many times as long counts as slowed by other work. While another process used the other half of the
 * core, runs took 1.5 to 2 times as long, for tenths of a second or many seconds at a time. Without other work, p95 was 1.04
 * to 1.28 of p50, and a yardstick took 1.14 of its least time.
 */
const DISTURBED = 1.3;

/** Whether other work slowed a part of the runs, so that the median is not reliable. */
export function isDisturbed({ p50S, p95S }: Pick<Timing, 'p50S' | 'p95S'>): boolean {
  return p95S > DISTURBED * p50S;
}

/** Whether a yardstick was slowed by other work; `leastS` is its least time so far. */
export function isSlowed(yardstickS: number, leastS: number): boolean {
  return yardstickS > DISTURBED * leastS;
}

/** In 2 s, a meter that is read five times a second gives ten readings of a network. */
export const THOROUGH: TimingOptions = { warmUpRuns: 50, warmUpS: 0.3, leastRuns: 200, leastS: 2 };

/** After each slice the rest of the process runs, e.g. the sampling of a meter, and so does the yardstick. */
const SLICE_MS = 20;

/** Slowed runs are accepted once all runs have lasted this many times the required duration. */
const PATIENCE = 5;

/** Rejects with the signal's reason once it is aborted. */
export async function warmUp(
  run: () => void,
  { warmUpRuns, warmUpS }: TimingOptions,
  signal: AbortSignal,
): Promise<void> {
  await slicesOf(run, warmUpRuns, warmUpS, signal);
}

/** Rejects with the signal's reason once it is aborted. */
export async function timed(
  run: () => void,
  { leastRuns, leastS }: TimingOptions,
  signal: AbortSignal,
  yardstick?: Yardstick,
): Promise<Timing> {
  const slices = await slicesOf(run, leastRuns, leastS, signal, yardstick);
  const counted = quickest(slices, leastRuns, yardstick);
  const durationsMs = Float64Array.from(counted.flatMap((slice) => slice.durationsMs)).sort();
  return {
    p50S: quantileOfSorted(durationsMs, 0.5) / 1000,
    p95S: quantileOfSorted(durationsMs, 0.95) / 1000,
    runs: runsOf(slices),
    ...(yardstick && { yardstickS: median(counted.map((slice) => slice.yardstickS)) }),
  };
}

interface Slice {
  readonly durationsMs: readonly number[];
  readonly lengthMs: number;
  /** The greater of the yardstick's times before and after the slice; 0 without a yardstick. */
  readonly yardstickS: number;
}

async function slicesOf(
  run: () => void,
  leastRuns: number,
  leastS: number,
  signal: AbortSignal,
  yardstick?: Yardstick,
): Promise<readonly Slice[]> {
  const slices: Slice[] = [];
  let beforeS = yardstick?.now() ?? 0;
  for (;;) {
    signal.throwIfAborted();
    const quiet = slices.filter((slice) => !isSlow(slice, yardstick));
    const leftMs = leastS * 1000 - lengthOf(quiet);
    const left = leastRuns - runsOf(quiet);
    const isOverdue = lengthOf(slices) >= PATIENCE * leastS * 1000 && runsOf(slices) >= leastRuns;
    if ((leftMs <= 0 && left <= 0) || isOverdue) return slices;
    const durationsMs = durationsOf(run, left, leftMs);
    const lengthMs = durationsMs.reduce((sum, ms) => sum + ms, 0);
    const afterS = yardstick?.now() ?? 0;
    slices.push({ durationsMs, lengthMs, yardstickS: Math.max(beforeS, afterS) });
    beforeS = afterS;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Runs until there are enough runs, or the slice is over. */
function durationsOf(run: () => void, leastRuns: number, leastMs: number): readonly number[] {
  const durationsMs: number[] = [];
  const endMs = performance.now() + SLICE_MS;
  let leftMs = leastMs;
  while (performance.now() < endMs && (leftMs > 0 || durationsMs.length < leastRuns)) {
    const beforeMs = performance.now();
    run();
    const tookMs = performance.now() - beforeMs;
    durationsMs.push(tookMs);
    leftMs -= tookMs;
  }
  return durationsMs;
}

/** Slices that were not slowed, or the least slowed ones that contain enough runs. */
function quickest(
  slices: readonly Slice[],
  leastRuns: number,
  yardstick?: Yardstick,
): readonly Slice[] {
  const ranked = [...slices].sort((a, b) => a.yardstickS - b.yardstickS);
  return ranked.filter(
    (slice, i) => !isSlow(slice, yardstick) || runsOf(ranked.slice(0, i)) < leastRuns,
  );
}

function isSlow({ yardstickS }: Slice, yardstick: Yardstick | undefined): boolean {
  return yardstick !== undefined && isSlowed(yardstickS, yardstick.leastS);
}

function runsOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, { durationsMs }) => sum + durationsMs.length, 0);
}

function lengthOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
}

/** A fixed piece of work: its current time shows whether other work slows this machine. */
export interface Yardstick {
  /** Current time of the work, seconds. */
  now(): number;
  /** Least time so far. */
  readonly leastS: number;
}

/** Size of the work: some 10 us a run on a PC. */
const ROWS = 16;
const COLUMNS = 64;

/** Runs of one `now`: a hundredth of a slice of `timed`; the garbage collector slows only a few of them. */
const RUNS = 15;

const SEED = 1;

/** Call `now` repeatedly: the machine may be at its fastest at any of the calls. */
export function createYardstick(kernels: Kernels): Yardstick {
  const tape = new Tape();
  const output = project(tape, tape.input([1, ROWS, COLUMNS]), COLUMNS, 'work');
  const program = kernels.compile(tape, { outputs: [output] });
  initialiseNetwork(program.parameters, createRandom(SEED));
  return yardstickOf(program.forward);
}

export function yardstickOf(work: () => void): Yardstick {
  let leastS = Number.POSITIVE_INFINITY;
  return {
    now() {
      const tookS = median(Array.from({ length: RUNS }, () => secondsOf(work)));
      leastS = Math.min(leastS, tookS);
      return tookS;
    },
    get leastS() {
      return leastS;
    },
  };
}

function secondsOf(work: () => void): number {
  const beforeMs = performance.now();
  work();
  return (performance.now() - beforeMs) / 1000;
}
