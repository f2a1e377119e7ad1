// What all rivals share: a search by a policy that chooses the next candidate, the ledger of proposals and outcomes, and a
// random pool of candidates.

import { z } from 'zod';
import { createRandom, type Random } from '../../../engine/random.ts';
import { mean } from '../../../engine/statistics.ts';
import type { Candidates, Outcome, Proposal, Search, SearchMethod } from '../contract.ts';

/** How a method chooses candidates. */
export interface Policy {
  /** A fresh candidate, called only while there is one; undefined = wait for outcomes. */
  next(): Proposal | undefined;
  /** Called after the ledger has recorded the outcome. */
  learn?(told: Told): void;
}

/** `start` of a method. The search has finished once every candidate was proposed. Batch size alone changes nothing. */
export function oneByOne<Options>(
  policyOf: (candidates: Candidates, options: Options, ledger: Ledger, random: Random) => Policy,
): SearchMethod<Options>['start'] {
  return (candidates, options, seed) => {
    const ledger = new Ledger(candidates.count);
    return searchBy(policyOf(candidates, options, ledger, createRandom(seed)), ledger);
  };
}

function searchBy(policy: Policy, ledger: Ledger): Search {
  return {
    propose(count) {
      const proposals: Proposal[] = [];
      while (proposals.length < count && ledger.fresh > 0) {
        const proposal = policy.next();
        if (!proposal) break;
        ledger.propose(proposal.candidate);
        proposals.push(proposal);
      }
      return proposals;
    },
    tell(outcome) {
      const told = ledger.tell(outcome);
      policy.learn?.(told);
    },
    get finished() {
      return ledger.fresh === 0;
    },
  };
}

/** The outcome of a candidate. */
export interface Told {
  readonly candidate: number;
  /** Mean of the repetitions, higher is better; undefined if the candidate is infeasible. */
  readonly value: number | undefined;
  readonly objectives: readonly number[] | undefined;
}

/** Proposals and outcomes, for methods that never propose a candidate twice. */
export class Ledger {
  /** Fresh candidates first, then the proposed ones. */
  readonly #order: Uint32Array;
  /** Index of each candidate in `#order`. */
  readonly #places: Uint32Array;
  #fresh: number;
  readonly #told: Told[] = [];
  readonly #pending = new Set<number>();

  constructor(count: number) {
    this.#order = Uint32Array.from({ length: count }, (_, candidate) => candidate);
    this.#places = this.#order.slice();
    this.#fresh = count;
  }

  /** Number of candidates that were never proposed. */
  get fresh(): number {
    return this.#fresh;
  }

  get proposed(): number {
    return this.#order.length - this.#fresh;
  }

  /** Outcomes in the order of their arrival. */
  get told(): readonly Told[] {
    return this.#told;
  }

  /** Proposed candidates without an outcome, in the order of proposal. */
  get pending(): ReadonlySet<number> {
    return this.#pending;
  }

  /** The best feasible outcomes, at most `count`, best first; of equal ones the earlier first. */
  best(count: number): readonly Told[] {
    return this.#told
      .filter(({ value }) => value !== undefined)
      .sort((a, b) => (b.value as number) - (a.value as number))
      .slice(0, count);
  }

  isFresh(candidate: number): boolean {
    return (this.#places[candidate] as number) < this.#fresh;
  }

  /** The order depends on earlier proposals; borrowed until the next proposal. */
  freshCandidates(): Uint32Array {
    return this.#order.subarray(0, this.#fresh);
  }

  /** Each fresh candidate is equally likely. There must be one. */
  drawFresh(random: Random): number {
    return this.#order[random.integer(this.#fresh)] as number;
  }

  /** Throws RangeError for a candidate that was proposed before. */
  propose(candidate: number): void {
    const place = this.#places[candidate];
    if (place === undefined || place >= this.#fresh) {
      throw new RangeError(`candidate ${candidate} does not exist or was proposed before`);
    }
    this.#fresh--;
    this.#put(this.#order[this.#fresh] as number, place);
    this.#put(candidate, this.#fresh);
    this.#pending.add(candidate);
  }

  /** Throws RangeError for a candidate that is not pending. */
  tell({ candidate, values, objectives }: Outcome): Told {
    if (!this.#pending.delete(candidate)) {
      throw new RangeError(`candidate ${candidate} was not proposed or has an outcome already`);
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

/** Number of best candidates whose neighbours are always in the pool. */
const INCUMBENTS = 10;

export const poolOption = z
  .int()
  .min(1)
  .default(5000)
  .describe(
    'Random candidates that are compared for each choice, in addition to the neighbours of the best',
  )
  .meta({ unit: 'candidates' });

/** Fresh candidates in random order, so that ties are broken at random: all, or a part if there are more than `size`. */
export function freshPool(
  candidates: Candidates,
  ledger: Ledger,
  size: number,
  random: Random,
): Uint32Array {
  if (ledger.fresh <= size) {
    const all = ledger.freshCandidates().slice();
    random.shuffle(all);
    return all;
  }
  const pool = new Set(
    ledger
      .best(INCUMBENTS)
      .flatMap(({ candidate }) => candidates.neighbours(candidate))
      .filter((neighbour) => ledger.isFresh(neighbour)),
  );
  for (let i = 0; i < size; i++) pool.add(ledger.drawFresh(random));
  const some = Uint32Array.from(pool);
  random.shuffle(some);
  return some;
}

/** Of the rivals that start with random candidates; naszilla starts with ten. */
export const initialOption = z
  .int()
  .min(2)
  .default(10)
  .describe('Candidates drawn at random at the start of the search')
  .meta({ unit: 'candidates' });
