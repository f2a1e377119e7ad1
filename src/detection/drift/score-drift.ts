// Whether the normal scores of a model are still what they were in its first days: if not, normal has moved on.
//
// Notation   B blocks make a window; r (B,), c (B,) block means of the first and of the newest window, by place in it.
import { z } from 'zod';
import { median } from '../../engine/statistics.ts';
import { BlockMeans } from './block-means.ts';
import { independent } from './independent.ts';
import { distance, probability } from './kolmogorov-smirnov.ts';

/** What is told of a drift. */
export interface Drift {
  /** Time of the score that showed it, Unix milliseconds. */
  readonly sinceMs: number;
  /** Distance of the two distributions, 0 to 1. */
  readonly distance: number;
  /** Median of the newest window over that of the first: above 1 = normal rows look stranger than they did. */
  readonly ratio: number;
}

export interface DriftSetup {
  /** Length of a window, milliseconds. A whole number of the cycles that the stream has, e.g. a day. */
  readonly windowMs: number;
  /** Time between rows, milliseconds. */
  readonly intervalMs: number;
}

/** B: ten minutes in a window of a day. Rows much longer than a block make it a row. */
const BLOCKS = 144;
/** Share of a window's blocks that must be there. */
const ENOUGH = 0.75;
/** Windows overlap, so that a day has 144 tests that are nearly the same: the level allows for a few of them. */
const DRIFT_BELOW = 1e-5;
/** Least distance that is worth telling, however sure it is. */
const LEAST_DISTANCE = 0.25;
/** Drift is over when such a distance is nothing special. */
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
 * the first window is the reference until there is another model, because a drift slower than a sliding window would
 * drag it along; means of blocks are compared, and counted for as many as are independent of each other, because
 * scores of overlapping windows are no independent samples. Memory is constant; O(B log B) per block.
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

  /** undefined = none that shows. */
  get drift(): Drift | undefined {
    return this.#drift;
  }

  /** To be called with scores that were judged normal, on the detector's own scale, in the order of time. */
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

  /** Goes on from `state()`; with anything else it begins anew. */
  restore(state: unknown): void {
    const found = stored.safeParse(state).data;
    if (!found) return;
    this.#reference = Float64Array.from(found.reference, (mean) => mean ?? Number.NaN);
    this.#newest = Float64Array.from(found.newest, (mean) => mean ?? Number.NaN);
    this.#begun = found.begun ?? undefined;
    this.#drift = found.drift ?? undefined;
  }

  /** Blocks without a mean leave nothing of the window before in their place. */
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
