// What a search has proposed and which outcomes it has received, including repetitions and infeasible candidates.
import { mean } from '../../../engine/statistics.ts';
import type { Outcome, Proposal, Reason } from '../contract.ts';

export class History {
  readonly #values = new Map<number, number[]>();
  readonly #infeasible = new Set<number>();
  readonly #pending = new Map<number, Reason>();
  #best = Number.NEGATIVE_INFINITY;
  #stagnation = 0;
  /** Number of outcomes received; a caller that remembers it can see whether there are new ones. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Candidates with values, in the order of their first outcome. */
  get known(): readonly number[] {
    return [...this.#values.keys()];
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** How many consecutive outcomes of the acquisition and of repetitions brought no improvement. */
  get stagnation(): number {
    return this.#stagnation;
  }

  valuesOf(candidate: number): readonly number[] {
    return this.#values.get(candidate) ?? [];
  }

  isFresh(candidate: number): boolean {
    return (
      !this.#values.has(candidate) &&
      !this.#infeasible.has(candidate) &&
      !this.#pending.has(candidate)
    );
  }

  ask({ candidate, reason }: Proposal): void {
    this.#pending.set(candidate, reason);
  }

  /** Throws `RangeError` for a candidate that was not proposed. */
  tell({ candidate, values }: Outcome): void {
    const reason = this.#pending.get(candidate);
    if (!reason) throw new RangeError(`candidate ${candidate} has an outcome but was not proposed`);
    this.#pending.delete(candidate);
    this.#version++;
    if (values.length > 0) {
      this.#values.set(candidate, [...this.valuesOf(candidate), ...values]);
    } else if (!this.#values.has(candidate)) this.#infeasible.add(candidate);
    this.#judge(reason);
  }

  /** Best first. */
  best(count: number): readonly number[] {
    return this.known
      .toSorted((a, b) => mean(this.valuesOf(b)) - mean(this.valuesOf(a)))
      .slice(0, count);
  }

  /** The candidate with the fewest evaluations among the best `count` that are not pending. */
  leastRepeated(count: number): number | undefined {
    const [least] = this.best(count)
      .filter((one) => !this.#pending.has(one))
      .toSorted((a, b) => this.valuesOf(a).length - this.valuesOf(b).length);
    return least;
  }

  #judge(reason: Reason): void {
    const [leader] = this.best(1);
    const best = leader === undefined ? Number.NEGATIVE_INFINITY : mean(this.valuesOf(leader));
    if (best > this.#best) this.#stagnation = 0;
    else if (reason === 'acquisition' || reason === 'repetition') this.#stagnation++;
    this.#best = best;
  }
}
