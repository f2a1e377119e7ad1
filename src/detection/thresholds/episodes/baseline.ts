// Running baseline of the scores: load and season move it, and alerts are decided on the height above it.
import { z } from 'zod';
import { median } from '../../../engine/statistics.ts';

/** The baseline is the median of this many slots: a level that stays becomes the baseline after half of them. */
const SLOTS = 60;
const SLOT_MS = 300_000;
/** Scores used of a slot, at most. */
const SCORES_A_SLOT = 60;

export const baselineState = z.strictObject({
  slots: z.array(z.number()).length(SLOTS),
  pending: z.array(z.number()),
  rows: z.int().min(0),
});
export type BaselineState = z.infer<typeof baselineState>;

/**
 * Running median of the scores of the last five hours, or of 60 rows where rows are further apart than five minutes: the
 * median of slots, each of which is the median of its own scores. It is never below the `prior`, the median of normal
 * scores, which stands in for the slots that are not known yet. O(60) a slot, O(1) a score.
 */
export class Baseline {
  readonly #prior: number;
  readonly #rowsPerSlot: number;
  readonly #stride: number;
  #slots: readonly number[];
  #pending: number[] = [];
  #rows = 0;
  #value: number;

  constructor(prior: number, intervalMs: number, state?: BaselineState) {
    this.#prior = prior;
    this.#rowsPerSlot = Math.max(1, Math.round(SLOT_MS / intervalMs));
    this.#stride = Math.max(1, Math.floor(this.#rowsPerSlot / SCORES_A_SLOT));
    this.#slots = state?.slots ?? new Array<number>(SLOTS).fill(prior);
    this.#pending = [...(state?.pending ?? [])];
    this.#rows = state?.rows ?? 0;
    this.#value = Math.max(prior, median(this.#slots));
  }

  get value(): number {
    return this.#value;
  }

  push(score: number): void {
    if (this.#rows % this.#stride === 0) this.#pending.push(score);
    this.#rows += 1;
    if (this.#rows < this.#rowsPerSlot) return;
    this.#slots = [...this.#slots.slice(1), median(this.#pending)];
    this.#value = Math.max(this.#prior, median(this.#slots));
    this.#pending = [];
    this.#rows = 0;
  }

  state(): BaselineState {
    return { slots: [...this.#slots], pending: [...this.#pending], rows: this.#rows };
  }
}
