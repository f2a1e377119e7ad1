// The tail of a stream of numbers: its peaks, and the level that a number exceeds with a given risk.
//
// Notation   t initial level, Y = value - t of the peaks above it, N_t among n values; q risk, z_q level
import { z } from 'zod';
import { quantileOfSorted } from '../../../engine/statistics.ts';
import { requireCalibration, unknownState } from './checks.ts';
import { Clusters, clusterPeaks } from './clusters.ts';
import { fitParetoWithin, type ParetoFit } from './generalized-pareto.ts';
import type { TailOptions } from './options.ts';

/** Least number of excesses for a fit. */
export const MIN_PEAKS = 10;

/**
 * Level while almost all values are equal and there is no tail: scores of standardised windows are of the order of 1, and
 * twice the greatest value keeps a constant score below the level.
 */
const UNIFORM_LEVEL = 1;
const UNIFORM_MARGIN = 2;

/**
 * A peak above the level of this many times the risk is suspect: it may be an anomaly below the alert level, and a few of
 * these, learned as normal, would raise the level too much to detect the next one.
 */
const SUSPECT = 10;

/** At most this share of the peaks is above the level; without it, peaks rarer than the risk would all be above. */
const MOST_PEAKS_ABOVE = 0.1;

const tailState = z
  .strictObject({
    initial: z.number(),
    count: z.int().min(1),
    peakCount: z.int().min(0),
    unseen: z.number().min(0).max(1),
    excesses: z.array(z.number().positive()),
  })
  .refine((state) => state.excesses.length <= state.peakCount && state.peakCount <= state.count);
export type TailState = Readonly<z.infer<typeof tailState>>;

/**
 * Memory: `maxPeaks` numbers; older excesses are dropped, while N_t / n counts all values. If fewer than 10 values exceed
 * the least one, the level is a margin above the greatest value until there are enough peaks.
 */
export class Tail {
  readonly #options: TailOptions;
  #clusters: Clusters;
  /** Newest last. */
  #excesses: number[] = [];
  #initial = 0;
  #count = 0;
  #peakCount = 0;
  #unseen = 0;
  /** Undefined while there are too few peaks. */
  #fit: ParetoFit | undefined;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#clusters = new Clusters(options.runLength);
  }

  /** z_q, on the scale of the values; NaN before the first `fit`. It also follows n between peaks. O(1). */
  get level(): number {
    if (this.#count === 0) return Number.NaN;
    if (!this.#fit) {
      const greatest = this.#initial + Math.max(0, ...this.#excesses);
      return Math.max(UNIFORM_LEVEL, UNIFORM_MARGIN * greatest);
    }
    return this.#initial + excessOf(this.#fit, this.#shareAbove(1));
  }

  /** (N,) in time order. O(N log N). Throws `CalibrationError` unless there are more than 10, all finite. */
  fit(values: Float64Array): void {
    requireCalibration(values, MIN_PEAKS + 1);
    const { initialQuantile, runLength } = this.#options;
    const { initial, peaks } = initialTail(values, initialQuantile, runLength);
    this.#initial = initial;
    this.#count = values.length;
    this.#peakCount = 0;
    this.#unseen = 0;
    this.#excesses = [];
    this.#clusters = new Clusters(runLength);
    for (const peak of peaks) this.#addPeak(peak);
    this.#refit();
  }

  /** O(1), and O(peaks) for a value that ends a cluster of peaks. */
  learn(value: number): void {
    this.#count++;
    const peak = this.#clusters.push(value, this.#initial);
    if (peak === undefined) return;
    if (this.#fit && peak > this.#initial + excessOf(this.#fit, this.#shareAbove(SUSPECT))) return;
    this.#addPeak(peak);
    this.#addUnseen();
    this.#refit();
  }

  /** Takes a value that was an alarm. O(1). */
  reject(): void {
    this.#clusters.spoil();
  }

  state(): TailState {
    return {
      initial: this.#initial,
      count: this.#count,
      peakCount: this.#peakCount,
      unseen: this.#unseen,
      excesses: [...this.#excesses],
    };
  }

  /** Throws `CalibrationError` unless `state` came from `state()`, possibly through JSON. */
  restore(state: unknown): void {
    const parsed = tailState.safeParse(state);
    if (!parsed.success) {
      throw unknownState('tail');
    }
    const { initial, count, peakCount, unseen, excesses } = parsed.data;
    this.#initial = initial;
    this.#count = count;
    this.#peakCount = peakCount;
    this.#unseen = unseen;
    this.#excesses = excesses.slice(-this.#options.maxPeaks);
    this.#refit();
  }

  /** Share of the peaks above the level of `times` the risk. */
  #shareAbove(times: number): number {
    return Math.min((times * this.#options.risk * this.#count) / this.#peakCount, MOST_PEAKS_ABOVE);
  }

  #addPeak(value: number): void {
    this.#excesses.push(value - this.#initial);
    this.#peakCount++;
    if (this.#excesses.length > this.#options.maxPeaks) this.#excesses.shift();
  }

  /**
   * Departs from Siffer et al. 2017: normal scores that are alarms or suspect are never learned, so the end of the
   * learned tail is missing, the level falls, and more is cut off (twice the risk if it is a twentieth of the peaks).
   * The expected number of them is added, at the mean of an exponential tail above the suspect level.
   */
  #addUnseen(): void {
    if (!this.#fit) return;
    const share = this.#shareAbove(SUSPECT);
    this.#unseen += share / (1 - share);
    if (this.#unseen < 1) return;
    this.#unseen -= 1;
    this.#count++;
    this.#addPeak(this.#initial + excessOf(this.#fit, share / Math.E));
  }

  #refit(): void {
    const { minShape, maxShape } = this.#options;
    this.#fit =
      this.#excesses.length < MIN_PEAKS
        ? undefined
        : fitParetoWithin(Float64Array.from(this.#excesses), minShape, maxShape);
  }
}

/** The excess that a share of the peaks is above; the limit of shape 0 by continuity. */
export function excessOf(
  { shape, scale }: Pick<ParetoFit, 'shape' | 'scale'>,
  share: number,
): number {
  const steps = -Math.log(share);
  return scale * (Math.abs(shape) < 1e-12 ? steps : Math.expm1(shape * steps) / shape);
}

/** The initial level is lowered by this share until there are enough clusters, but not below the median. */
const QUANTILE_STEP = 0.01;
const LEAST_QUANTILE = 0.5;

interface InitialTail {
  readonly initial: number;
  readonly peaks: readonly number[];
}

/**
 * Departs from Siffer et al. 2017: peaks are those of clusters, and the initial level is lowered until there are 10. If
 * scores are too few or too similar, every value above the level is a peak.
 */
function initialTail(values: Float64Array, share: number, runLength: number): InitialTail {
  const ascending = values.slice().sort();
  const least = runLength === 0 ? Number.POSITIVE_INFINITY : LEAST_QUANTILE;
  for (let quantile = share; quantile >= least; quantile -= QUANTILE_STEP) {
    const initial = quantileOfSorted(ascending, quantile);
    const peaks = clusterPeaks(values, initial, runLength);
    if (peaks.length >= MIN_PEAKS) return { initial, peaks };
  }
  const initial = initialLevel(ascending, share);
  return { initial, peaks: clusterPeaks(values, initial, 0) };
}

/** The quantile, or if fewer than 10 values exceed it, the greatest value that 10 exceed. */
function initialLevel(ascending: Float64Array, share: number): number {
  const quantile = quantileOfSorted(ascending, share);
  const tenth = ascending[ascending.length - MIN_PEAKS] as number;
  if (quantile < tenth) return quantile;
  const below = ascending.findLast((value) => value < tenth);
  return below ?? (ascending[0] as number);
}
