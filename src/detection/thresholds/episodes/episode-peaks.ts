// Episodes of high scores: what alerts would be made of, if the level were low enough.
import { z } from 'zod';
import type { ThresholdContext } from '../../threshold-plugin.ts';

/** Scores on end at or below the gate that part two episodes. */
const APART = 10;

type Opening = Pick<ThresholdContext, 'openCount' | 'openWithin'>;

/**
 * The height at which a policy would open an alert: the greatest but `openCount` - 1 of the newest `openWithin` values. It is above a
 * level exactly when so many of them are. O(openWithin).
 */
export class OpeningHeight {
  readonly #opening: Opening;
  readonly #recent: number[];

  /** `recent` are the values before the next, oldest first. */
  constructor(opening: Opening, recent: readonly number[] = []) {
    this.#opening = opening;
    this.#recent = [...recent];
  }

  push(value: number): number {
    const { openCount, openWithin } = this.#opening;
    this.#recent.push(value);
    if (this.#recent.length > openWithin) this.#recent.shift();
    const descending = this.#recent.toSorted((a, b) => b - a);
    return descending[openCount - 1] ?? Number.NEGATIVE_INFINITY;
  }

  get recent(): readonly number[] {
    return this.#recent;
  }
}

export const episodeState = z.strictObject({
  peak: z.number(),
  /** Heights at or below the gate since. */
  below: z.int().min(0),
});
export type EpisodeState = z.infer<typeof episodeState>;

/** Runs of heights above a gate, each told by its greatest once it is over. */
export class Episodes {
  readonly #gate: number;
  #current: EpisodeState | undefined;

  /** `current` is one that goes on. */
  constructor(gate: number, current?: EpisodeState) {
    this.#gate = gate;
    this.#current = current;
  }

  get current(): EpisodeState | undefined {
    return this.#current;
  }

  /** The peak of the episode that ended with this height. */
  push(height: number): number | undefined {
    const { peak = height, below = 0 } = this.#current ?? {};
    if (height > this.#gate) {
      this.#current = { peak: Math.max(peak, height), below: 0 };
      return undefined;
    }
    if (!this.#current) return undefined;
    this.#current = { peak, below: below + 1 };
    return below + 1 < APART ? undefined : this.end();
  }

  /** Ends the episode, if there is one, and tells its peak. */
  end(): number | undefined {
    const peak = this.#current?.peak;
    this.#current = undefined;
    return peak;
  }
}

/** Of all episodes in heights that follow each other. */
export function peaksOf(heights: readonly number[], gate: number): readonly number[] {
  const episodes = new Episodes(gate);
  const peaks = heights.map((height) => episodes.push(height));
  return [...peaks, episodes.end()].filter((peak) => peak !== undefined);
}
