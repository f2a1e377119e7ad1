// What a search asked for and what it was told, repetitions and infeasible candidates too.
import { mean } from '../../../engine/statistics.ts';
import type { Outcome, Proposal, Reason } from '../contract.ts';

export class History {
  readonly #values = new Map<number, number[]>();
  readonly #infeasible = new Set<number>();
  readonly #pending = new Map<number, Reason>();
  #best = Number.NEGATIVE_INFINITY;
  #stagnation = 0;
  /** Counts what was told; whoever keeps it can see whether there is news. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Candidates with figures, in the order in which they were told first. */
  get known(): readonly number[] {
    return [...this.#values.keys()];
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** How many outcomes of the acquisition, and of repetitions, running brought nothing better. */
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

  /** Throws `RangeError` for what was not asked. */
  tell({ candidate, values }: Outcome): void {
    const reason = this.#pending.get(candidate);
    if (!reason) throw new RangeError(`candidate ${candidate} was told without being asked`);
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

  /** Of the best `count` the one that was evaluated least, of those that are not pending. */
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
