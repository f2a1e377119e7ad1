// Detects drift: the normal scores of a model differ from those of its first days.
//
// Notation   B blocks make a window; r (B,), c (B,) block means of the first and of the newest window, by place in it.
import { z } from 'zod';
import { median } from '../../engine/statistics.ts';
import { distance, independent, probability } from './kolmogorov-smirnov.ts';

/** A detected drift. */
export interface Drift {
  /** Time of the score with which the drift was detected, Unix milliseconds. */
  readonly sinceMs: number;
  /** Distance of the two distributions, 0 to 1. */
  readonly distance: number;
  /** Median of the newest window over that of the first; above 1 = normal rows have higher scores than before. */
  readonly ratio: number;
}

interface DriftSetup {
  /** Length of a window, milliseconds. A whole number of the cycles that the stream has, e.g. a day. */
  readonly windowMs: number;
  /** Time between rows, milliseconds. */
  readonly intervalMs: number;
}

/** B: blocks of ten minutes in a window of a day. A block has at least the length of a row. */
const BLOCKS = 144;
/** Least share of a window's blocks with a mean. */
const ENOUGH = 0.75;
/** Windows overlap, so that a day has 144 tests that are nearly the same: the level allows for a few of them. */
const DRIFT_BELOW = 1e-5;
/** Least reported distance, even if it is significant. */
const LEAST_DISTANCE = 0.25;
/** Drift ends when the probability of the distance exceeds this. */
const OVER_ABOVE = 0.01;

const stored = z.object({
  reference: z.array(z.number().nullable()).length(BLOCKS),
  newest: z.array(z.number().nullable()).length(BLOCKS),
  begun: z.number().nullable(),
  drift: z.object({ sinceMs: z.number(), distance: z.number(), ratio: z.number() }).nullable(),
});

/**
 * Compares the newest window of normal scores with the first one by a two-sample Kolmogorov-Smirnov test, as KSWIN does
 * (Raab, Heusinger and Schleif 2020, "Reactive soft prototype computing for concept drift streams"). Departs from it:
 * the first window stays the reference until there is a new model, because a sliding reference would follow a slow drift;
 * the test compares means of blocks and uses the number of independent ones, because scores of overlapping windows are not
 * independent samples. Memory is constant; O(B log B) per block.
 */
export class ScoreDrift {
  readonly #means: BlockMeans;
  #reference = new Float64Array(BLOCKS).fill(Number.NaN);
  #newest = new Float64Array(BLOCKS).fill(Number.NaN);
  /** Number of the first block. */
  #begun: number | undefined;
  #last = Number.NaN;
  #drift: Drift | undefined;

  constructor(setup: DriftSetup) {
    const blockMs = Math.max(setup.windowMs / BLOCKS, setup.intervalMs);
    this.#means = new BlockMeans(blockMs, setup.intervalMs);
  }

  /** undefined = no drift. */
  get drift(): Drift | undefined {
    return this.#drift;
  }

  /** Takes a score that was judged normal, on the detector's own scale, in time order. */
  push(timeMs: number, score: number): void {
    const finished = this.#means.push(timeMs, score);
    if (!finished) return;
    const { block, mean } = finished;
    this.#begun ??= block;
    this.#dropBetween(block);
    this.#last = block;
    const first = block - this.#begun < BLOCKS;
    (first ? this.#reference : this.#newest)[place(block)] = mean;
    if (!first) this.#judge(timeMs);
  }

  state(): Readonly<Record<string, unknown>> {
    return {
      reference: [...this.#reference].map(orNull),
      newest: [...this.#newest].map(orNull),
      begun: this.#begun ?? null,
      drift: this.#drift ?? null,
    };
  }

  /** Restores a `state()`; ignores anything else. */
  restore(state: unknown): void {
    const found = stored.safeParse(state).data;
    if (!found) return;
    this.#reference = Float64Array.from(found.reference, (mean) => mean ?? Number.NaN);
    this.#newest = Float64Array.from(found.newest, (mean) => mean ?? Number.NaN);
    this.#begun = found.begun ?? undefined;
    this.#drift = found.drift ?? undefined;
  }

  /** Clears the places of blocks without a mean, which still have values of the window before. */
  #dropBetween(block: number): void {
    const from = Math.max(this.#last + 1, block - BLOCKS + 1);
    for (let missed = from; missed < block; missed++) this.#newest[place(missed)] = Number.NaN;
  }

  #judge(timeMs: number): void {
    const [r, c] = [this.#reference.filter(isThere), this.#newest.filter(isThere)];
    if (Math.min(r.length, c.length) < ENOUGH * BLOCKS) return;
    const share = independent(this.#reference.map((mean, i) => (this.#newest[i] as number) - mean));
    const D = distance(r, c);
    const p = probability(D, r.length * share, c.length * share);
    if (this.#drift && p > OVER_ABOVE) this.#drift = undefined;
    if (p >= DRIFT_BELOW || D < LEAST_DISTANCE) return;
    const sinceMs = this.#drift?.sinceMs ?? timeMs;
    this.#drift = { sinceMs, distance: D, ratio: median(c) / median(r) };
  }
}

function place(block: number): number {
  return ((block % BLOCKS) + BLOCKS) % BLOCKS;
}

function isThere(mean: number): boolean {
  return !Number.isNaN(mean);
}

function orNull(mean: number): number | null {
  return isThere(mean) ? mean : null;
}

/** The mean of a finished block of time. */
interface BlockMean {
  /** Number of the block since the epoch. */
  readonly block: number;
  readonly mean: number;
}

/** Means of scores over blocks of time; a block with less than half of its rows has no mean. */
class BlockMeans {
  readonly #blockMs: number;
  readonly #least: number;
  #block = Number.NaN;
  #sum = 0;
  #count = 0;

  constructor(blockMs: number, intervalMs: number) {
    this.#blockMs = blockMs;
    this.#least = Math.max(1, Math.floor(blockMs / intervalMs / 2));
  }

  /** Returns the mean of the previous block when the score starts a new one. */
  push(timeMs: number, score: number): BlockMean | undefined {
    const block = Math.floor(timeMs / this.#blockMs);
    const finished = block === this.#block ? undefined : this.#finish();
    this.#block = block;
    this.#sum += score;
    this.#count += 1;
    return finished;
  }

  #finish(): BlockMean | undefined {
    const enough = this.#count >= this.#least;
    const finished = { block: this.#block, mean: this.#sum / this.#count };
    this.#sum = 0;
    this.#count = 0;
    return enough ? finished : undefined;
  }
}
