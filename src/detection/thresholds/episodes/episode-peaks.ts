// Finds episodes of high scores in a stream and measures each by its peak.
import { z } from 'zod';
import type { ThresholdContext } from '../../threshold-plugin.ts';
import type { EpisodeRules } from './rules.ts';

type Opening = Pick<ThresholdContext, 'openCount' | 'openWithin'>;

/**
 * Height of a row: the `openCount`-th greatest of the newest `openWithin` values. It exceeds a level exactly when the alert
 * policy would open at that level. O(openWithin).
 */
export class OpeningHeight {
  readonly #opening: Opening;
  readonly #recent: number[];

  /** `recent` are the previous values, oldest first. */
  constructor(opening: Opening, recent: readonly number[] = []) {
    this.#opening = opening;
    this.#recent = [...recent];
  }

  push(value: number): number {
    this.#recent.push(value);
    if (this.#recent.length > this.#opening.openWithin) this.#recent.shift();
    return this.#heightOf(this.#recent);
  }

  /** What `push` would return; pure. */
  next(value: number): number {
    return this.#heightOf([...this.#recent, value].slice(-this.#opening.openWithin));
  }

  get recent(): readonly number[] {
    return this.#recent;
  }

  #heightOf(values: readonly number[]): number {
    const descending = values.toSorted((a, b) => b - a);
    return descending[this.#opening.openCount - 1] ?? Number.NEGATIVE_INFINITY;
  }
}

export const episodeState = z.strictObject({
  peak: z.number(),
  /** Consecutive heights at or below the gate. */
  below: z.int().min(0),
  rows: z.int().min(1),
});
export type EpisodeState = z.infer<typeof episodeState>;

type Lengths = Pick<EpisodeRules, 'apart' | 'longest'>;

/** Groups heights above a gate into episodes. */
export class Episodes {
  readonly #lengths: Lengths;
  readonly #gate: number;
  #current: EpisodeState | undefined;

  /** `current` is an episode in progress. */
  constructor(lengths: Lengths, gate: number, current?: EpisodeState) {
    this.#lengths = lengths;
    this.#gate = gate;
    this.#current = current;
  }

  get current(): EpisodeState | undefined {
    return this.#current;
  }

  /** Returns the peak of the episode that ended with this height. */
  push(height: number): number | undefined {
    const { apart, longest } = this.#lengths;
    const isAbove = height > this.#gate;
    if (!isAbove && !this.#current) return undefined;
    const { peak, below, rows } = this.#current ?? { peak: height, below: 0, rows: 0 };
    this.#current = {
      peak: Math.max(peak, height),
      below: isAbove ? 0 : below + 1,
      rows: rows + 1,
    };
    return this.#current.below < apart && this.#current.rows < longest ? undefined : this.end();
  }

  /** Ends the episode in progress and returns its peak. */
  end(): number | undefined {
    const peak = this.#current?.peak;
    this.#current = undefined;
    return peak;
  }
}

/** Peaks of all episodes in consecutive heights. */
export function peaksOf(
  heights: readonly number[],
  lengths: Lengths,
  gate: number,
): readonly number[] {
  const episodes = new Episodes(lengths, gate);
  const peaks = heights.map((height) => episodes.push(height));
  return [...peaks, episodes.end()].filter((peak) => peak !== undefined);
}
