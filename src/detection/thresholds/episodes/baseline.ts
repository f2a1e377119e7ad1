// Running baseline of the scores: load and season move it, and alerts are decided on the height above it.
import { z } from 'zod';
import { median, quantileOfSorted } from '../../../engine/statistics.ts';
import type { BaselineRules } from './rules.ts';

/** Scores used of a slot, at most. */
const SCORES_A_SLOT = 60;

export const baselineState = z.strictObject({
  slots: z.array(z.number()),
  pending: z.array(z.number()),
  rows: z.int().min(0),
});
export type BaselineState = z.infer<typeof baselineState>;

/**
 * Running median of the scores of the last three hours, or of 36 rows where rows are further apart than five minutes: the
 * median of slots, each of which is the median of its own scores. It is never below the `prior`, the median of normal
 * scores, which stands in for the slots that are not known yet. Without rules it is 0. O(36) a slot, O(1) a score. Scores
 * must not be NaN, which the sorted slots could not find again.
 */
export class Baseline {
  readonly #rules: BaselineRules | undefined;
  readonly #prior: number;
  readonly #rowsPerSlot: number;
  readonly #stride: number;
  #slots: readonly number[];
  /** The same, ascending. */
  #ascending: readonly number[];
  #pending: number[] = [];
  #rows = 0;
  #value: number;

  constructor(
    rules: BaselineRules | undefined,
    prior: number,
    intervalMs: number,
    state?: BaselineState,
  ) {
    const { slots, slotMs } = rules ?? { slots: 0, slotMs: Number.POSITIVE_INFINITY };
    this.#rules = rules;
    this.#prior = prior;
    this.#rowsPerSlot = Math.max(1, Math.round(slotMs / intervalMs));
    this.#stride = Math.max(1, Math.floor(this.#rowsPerSlot / SCORES_A_SLOT));
    this.#slots = state?.slots ?? new Array<number>(slots).fill(prior);
    this.#ascending = this.#slots.toSorted((a, b) => a - b);
    this.#pending = [...(state?.pending ?? [])];
    this.#rows = state?.rows ?? 0;
    this.#value = this.#median();
  }

  get value(): number {
    return this.#value;
  }

  push(score: number): void {
    if (this.#rows % this.#stride === 0) this.#pending.push(score);
    this.#rows += 1;
    if (this.#rows < this.#rowsPerSlot) return;
    this.#take(median(this.#pending));
    this.#value = this.#median();
    this.#pending = [];
    this.#rows = 0;
  }

  #take(slot: number): void {
    const [oldest = Number.NaN, ...others] = this.#slots;
    this.#slots = [...others, slot];
    const left = this.#ascending.toSpliced(this.#ascending.indexOf(oldest), 1);
    const place = left.findIndex((one) => one > slot);
    this.#ascending = left.toSpliced(place === -1 ? left.length : place, 0, slot);
  }

  state(): BaselineState {
    return { slots: [...this.#slots], pending: [...this.#pending], rows: this.#rows };
  }

  #median(): number {
    if (!this.#rules) return 0;
    const usual = quantileOfSorted(this.#ascending, 0.5);
    return this.#rules.floored ? Math.max(this.#prior, usual) : usual;
  }
}
