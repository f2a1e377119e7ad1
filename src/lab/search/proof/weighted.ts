// A search for a front by a method that seeks one number: weighted sums of the objectives, with other weights from time to time.
import { createRandom, type Random } from '../../../engine/random.ts';
import type { Candidates, Outcome, Proposal, Search } from '../contract.ts';
import { flatDirichlet } from '../points/scalar.ts';

interface Weighting {
  /** Evaluations with the same weights. */
  readonly evaluations: number;
  /** Least and greatest of each objective, by which they are made comparable. */
  readonly ranges: readonly (readonly [least: number, greatest: number])[];
}

type Start = (candidates: Candidates, seed: number) => Search;

/**
 * Weights are drawn from the flat Dirichlet distribution. With each draw a search of its own begins; where it asks for what was
 * evaluated before, it is told at once, which counts as no evaluation. Outcomes have objectives, unless they are infeasible.
 */
export function withWeights(start: Start, weighting: Weighting): Start {
  return (candidates, seed) => new WeightedSearch(start, candidates, weighting, createRandom(seed));
}

class WeightedSearch implements Search {
  readonly #start: Start;
  readonly #candidates: Candidates;
  readonly #weighting: Weighting;
  readonly #random: Random;
  readonly #told = new Map<number, Outcome>();
  readonly #pending = new Set<number>();
  #weights: readonly number[] = [];
  #current: Search;
  /** Evaluations until the next draw. */
  #left = 0;

  constructor(start: Start, candidates: Candidates, weighting: Weighting, random: Random) {
    this.#start = start;
    this.#candidates = candidates;
    this.#weighting = weighting;
    this.#random = random;
    this.#current = this.#drawn();
  }

  get finished(): boolean {
    return this.#told.size + this.#pending.size >= this.#candidates.count;
  }

  propose(count: number): readonly Proposal[] {
    const proposals: Proposal[] = [];
    while (proposals.length < count && !this.finished) {
      if (this.#left === 0 || this.#current.finished) {
        // The next search must know what this one found.
        if (this.#pending.size > 0) break;
        this.#current = this.#drawn();
      }
      const [proposal] = this.#current.propose(1);
      if (!proposal) break;
      const known = this.#told.get(proposal.candidate);
      if (known) {
        this.#current.tell(this.#weighted(known));
        continue;
      }
      this.#left--;
      this.#pending.add(proposal.candidate);
      proposals.push(proposal);
    }
    return proposals;
  }

  tell(outcome: Outcome): void {
    if (!this.#pending.delete(outcome.candidate)) {
      throw new RangeError(`candidate ${outcome.candidate} was not proposed or has an outcome`);
    }
    this.#told.set(outcome.candidate, outcome);
    this.#current.tell(this.#weighted(outcome));
  }

  #drawn(): Search {
    const { evaluations, ranges } = this.#weighting;
    this.#weights = flatDirichlet(ranges.length, this.#random);
    this.#left = evaluations;
    return this.#start(this.#candidates, this.#random.integer(2 ** 32));
  }

  #weighted({ candidate, objectives }: Outcome): Outcome {
    if (!objectives) return { candidate, values: [] };
    const sum = this.#weighting.ranges.reduce((total, [least, greatest], j) => {
      const share = ((objectives[j] as number) - least) / (greatest - least || 1);
      return total + (this.#weights[j] as number) * share;
    }, 0);
    return { candidate, values: [-sum] };
  }
}
