// Times one thing again and again, each run by itself.
import { quantileOfSorted } from '../../engine/statistics.ts';

export interface TimingOptions {
  /** Runs that are not counted, and how long they last, at least. */
  readonly warmUpRuns: number;
  readonly warmUpS: number;
  /** Runs that are counted, and how long they last, at least. */
  readonly leastRuns: number;
  readonly leastS: number;
}

/** Quantiles are of single runs. */
export interface Timing {
  readonly p50S: number;
  readonly p95S: number;
  readonly runs: number;
}

/**
 * What p95 is over p50 where other work slows some of the runs. Where a neighbour had the other half of the core, runs took
 * 1.65 times as long, for tenths of a second at a time; left alone, p95 was 1.04 to 1.28 of p50.
 */
const DISTURBED = 1.3;

/** Whether the median may be that of another machine: one with a neighbour, or one without. */
export function isDisturbed({ p50S, p95S }: Pick<Timing, 'p50S' | 'p95S'>): boolean {
  return p95S > DISTURBED * p50S;
}

/** At 2 s, a meter that is read five times a second has ten readings of a network. */
export const THOROUGH: TimingOptions = { warmUpRuns: 50, warmUpS: 0.3, leastRuns: 200, leastS: 2 };

/** The rest of the process, e.g. the sampling of a meter, gets its turn this often. */
const SLICE_MS = 20;

/** Rejects with the signal's reason once it is aborted. */
export async function warmUp(
  run: () => void,
  { warmUpRuns, warmUpS }: TimingOptions,
  signal: AbortSignal,
): Promise<void> {
  await repeated(run, warmUpRuns, warmUpS, signal);
}

/** Rejects with the signal's reason once it is aborted. */
export async function timed(
  run: () => void,
  { leastRuns, leastS }: TimingOptions,
  signal: AbortSignal,
): Promise<Timing> {
  const durationsMs = (await repeated(run, leastRuns, leastS, signal)).sort();
  return {
    p50S: quantileOfSorted(durationsMs, 0.5) / 1000,
    p95S: quantileOfSorted(durationsMs, 0.95) / 1000,
    runs: durationsMs.length,
  };
}

async function repeated(
  run: () => void,
  leastRuns: number,
  leastS: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const durationsMs: number[] = [];
  let leftMs = leastS * 1000;
  const isEnough = (): boolean => leftMs <= 0 && durationsMs.length >= leastRuns;
  while (!isEnough()) {
    signal.throwIfAborted();
    const endMs = performance.now() + SLICE_MS;
    while (performance.now() < endMs && !isEnough()) {
      const before = performance.now();
      run();
      const tookMs = performance.now() - before;
      durationsMs.push(tookMs);
      leftMs -= tookMs;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Float64Array.from(durationsMs);
}
