// Times one thing again and again, each run by itself.
import { median, quantileOfSorted } from '../../engine/statistics.ts';
import type { Yardstick } from './yardstick.ts';

export interface TimingOptions {
  /** Runs that are not counted, and how long they last, at least. */
  readonly warmUpRuns: number;
  readonly warmUpS: number;
  /** Runs that are counted, and how long they last, at least. */
  readonly leastRuns: number;
  readonly leastS: number;
}

/** Quantiles are of single runs; with a yardstick, of those that no other work slowed, where there are enough. */
export interface Timing {
  readonly p50S: number;
  readonly p95S: number;
  /** All of them. */
  readonly runs: number;
  /** What the yardstick took beside the runs that quantiles are of, median, seconds; absent where there was none. */
  readonly yardstickS?: number;
}

/**
 * How many times as long something takes where other work slows it. Where a neighbour had the other half of the core, runs
 * took 1.5 to 2 times as long, for tenths of a second or many seconds at a time; left alone, p95 was 1.04 to 1.28 of p50,
 * and a yardstick 1.14 of its least.
 */
const DISTURBED = 1.3;

/** Whether the median may be that of another machine: one with a neighbour, or one without. */
export function isDisturbed({ p50S, p95S }: Pick<Timing, 'p50S' | 'p95S'>): boolean {
  return p95S > DISTURBED * p50S;
}

/** Whether a yardstick took what it takes on a machine with a neighbour; `leastS` is what it took at least. */
export function isSlowed(yardstickS: number, leastS: number): boolean {
  return yardstickS > DISTURBED * leastS;
}

/** At 2 s, a meter that is read five times a second has ten readings of a network. */
export const THOROUGH: TimingOptions = { warmUpRuns: 50, warmUpS: 0.3, leastRuns: 200, leastS: 2 };

/** The rest of the process, e.g. the sampling of a meter, gets its turn this often, and so does the yardstick. */
const SLICE_MS = 20;

/** Runs that are slowed have to do once all together have lasted so many times as long as those that count should. */
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
  /** The most that the yardstick took before it and after it; 0 without one. */
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

/** Until there are enough, or a slice is over. */
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

/** Those that nothing slowed, or the least slowed that make so many runs. */
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
