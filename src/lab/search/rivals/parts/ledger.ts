// What a search has proposed and what it was told, for methods that never ask for a candidate twice.
import type { Random } from '../../../../engine/random.ts';
import { mean } from '../../../../engine/statistics.ts';
import type { Outcome } from '../../contract.ts';

/** What came of a candidate. */
export interface Told {
  readonly candidate: number;
  /** Mean of the repetitions, higher is better; undefined where the candidate is infeasible. */
  readonly value: number | undefined;
  readonly objectives: readonly number[] | undefined;
}

export class Ledger {
  /** The fresh ones first, then those that were proposed. */
  readonly #order: Uint32Array;
  /** Where in `#order` a candidate is. */
  readonly #places: Uint32Array;
  #fresh: number;
  readonly #told: Told[] = [];
  readonly #pending = new Set<number>();

  constructor(count: number) {
    this.#order = Uint32Array.from({ length: count }, (_, candidate) => candidate);
    this.#places = this.#order.slice();
    this.#fresh = count;
  }

  /** How many were never proposed. */
  get fresh(): number {
    return this.#fresh;
  }

  get proposed(): number {
    return this.#order.length - this.#fresh;
  }

  /** In the order in which they were told. */
  get told(): readonly Told[] {
    return this.#told;
  }

  /** Proposed and not told yet, in the order of proposal. */
  get pending(): ReadonlySet<number> {
    return this.#pending;
  }

  /** The best feasible ones, at most `count`, best first; of equal ones, those that were told first. */
  best(count: number): readonly Told[] {
    return this.#told
      .filter(({ value }) => value !== undefined)
      .sort((a, b) => (b.value as number) - (a.value as number))
      .slice(0, count);
  }

  isFresh(candidate: number): boolean {
    return (this.#places[candidate] as number) < this.#fresh;
  }

  /** In an order that depends on what was proposed before; borrowed until the next proposal. */
  freshCandidates(): Uint32Array {
    return this.#order.subarray(0, this.#fresh);
  }

  /** Each fresh candidate is as likely. Throws RangeError where there is none. */
  drawFresh(random: Random): number {
    return this.#order[random.integer(this.#fresh)] as number;
  }

  /** Throws RangeError for a candidate that was proposed before. */
  propose(candidate: number): void {
    const place = this.#places[candidate];
    if (place === undefined || place >= this.#fresh) {
      throw new RangeError(`candidate ${candidate} is none, or was proposed before`);
    }
    this.#fresh--;
    this.#put(this.#order[this.#fresh] as number, place);
    this.#put(candidate, this.#fresh);
    this.#pending.add(candidate);
  }

  /** Throws RangeError for a candidate that nobody waits for. */
  tell({ candidate, values, objectives }: Outcome): Told {
    if (!this.#pending.delete(candidate)) {
      throw new RangeError(`candidate ${candidate} was not proposed, or told before`);
    }
    const feasible = values.length > 0;
    const told = {
      candidate,
      value: feasible ? mean(values) : undefined,
      objectives: feasible ? objectives : undefined,
    };
    this.#told.push(told);
    return told;
  }

  #put(candidate: number, place: number): void {
    this.#order[place] = candidate;
    this.#places[candidate] = place;
  }
}
