// BOSHNAS: Bayesian optimisation using a second-order gradient and a heteroscedastic surrogate.

import { createRandom, type Random } from '../../../engine/random.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import type { Candidates, Outcome, Proposal, Reason, Search, SearchMethod } from '../contract.ts';
import { type Asking, acquired, freshOf, leastKnown } from './acquired.ts';
import { boundsOf } from './climb.ts';
import { History } from './history.ts';
import { inputsOf, leastAlike, type SurrogateInputs } from './inputs.ts';
import { learningFrom } from './learning.ts';
import { type SurrogateSearchOptions, surrogateSearchOptions } from './options.ts';

/** Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?", section on BOSHNAS. */
export const boshnas: SearchMethod<SurrogateSearchOptions> = {
  kind: 'boshnas',
  summary: 'climbs a learned surrogate by the gradient of its input, and learns again',
  options: surrogateSearchOptions,
  start: (candidates, options, seed) =>
    surrogateSearch({ candidates, halves: [candidates] }, options, seed),
};

interface SearchArea {
  readonly candidates: Candidates;
  /** The two parts of a pair, else the candidates themselves. */
  readonly halves: readonly Candidates[];
  /** Candidates that may be proposed, ascending; absent = all. */
  readonly allowed?: readonly number[];
}

/**
 * The search that BOSHNAS and BOSHCODE share: fit the surrogate to the outcomes, climb the acquisition by the gradient of its
 * input, and propose the best candidates near the end of each climb. Departs from both in four ways. Proposals are one step
 * from one of the best known candidates while there are enough of them, also when the most uncertain one is proposed. Random
 * candidates are chosen to be far apart, see `leastAlike`. The surrogate learns ranks, see `scoresOf`, and sees choices
 * beside the coordinates, see `inputsOf`. Epistemic uncertainty weighs six times what was published, since it now mostly
 * means that an option was tried rarely.
 */
export function surrogateSearch(
  area: SearchArea,
  options: SurrogateSearchOptions,
  seed: number,
): Search {
  return new SurrogateSearch(area, options, seed);
}

class SurrogateSearch implements Search {
  readonly #options: SurrogateSearchOptions;
  readonly #inputs: SurrogateInputs;
  readonly #allowed: readonly number[];
  readonly #random: Random;
  readonly #history = new History();
  readonly #asking: Asking;
  #asked = 0;

  constructor(
    { candidates, halves, allowed }: SearchArea,
    options: SurrogateSearchOptions,
    seed: number,
  ) {
    const { count } = candidates;
    const inputs = inputsOf(candidates, halves);
    this.#options = options;
    this.#inputs = inputs;
    this.#allowed = allowed ?? Array.from({ length: count }, (_, candidate) => candidate);
    this.#random = createRandom(seed);
    this.#asking = {
      history: this.#history,
      learning: learningFrom(this.#history, inputs, this.#random.integer(2 ** 32)),
      allowed: this.#allowed,
      bounds: boundsOf(pointsAt(inputs.points, this.#allowed)),
      neighbours: (candidate) => candidates.neighbours(candidate),
      options,
      random: this.#random,
    };
  }

  get finished(): boolean {
    const { patience } = this.#options;
    if (patience !== null && this.#history.stagnation >= 2 * patience) return true;
    return !this.#allowed.some((candidate) => this.#history.isFresh(candidate));
  }

  propose(count: number): readonly Proposal[] {
    const proposals: Proposal[] = [];
    while (proposals.length < count && !this.finished) {
      const made = this.#next(count - proposals.length);
      for (const proposal of made) this.#history.ask(proposal);
      this.#asked += made.length;
      proposals.push(...made);
      if (made.length === 0) break;
    }
    return proposals;
  }

  tell(outcome: Outcome): void {
    this.#history.tell(outcome);
  }

  /** The next proposals, at most `count`; none = wait for outcomes. */
  #next(count: number): readonly Proposal[] {
    const { initial, uncertaintyShare, diversityShare, patience } = this.#options;
    if (this.#asked < initial) return this.#drawn('initial');
    if (this.#history.known.length < LEAST_KNOWN) {
      return this.#history.pending > 0 ? [] : this.#drawn('initial');
    }
    const draw = this.#random.uniform();
    if (draw < diversityShare) return this.#drawn('diversity');
    if (draw < diversityShare + uncertaintyShare) {
      return [{ candidate: leastKnown(this.#asking), reason: 'uncertainty' }];
    }
    const stuck = this.#history.stagnation >= (patience ?? Number.POSITIVE_INFINITY);
    const candidate = stuck ? this.#history.leastRepeated(REPEATED) : undefined;
    if (candidate !== undefined) return [{ candidate, reason: 'repetition' }];
    return acquired(this.#asking, count).map((one) => ({ candidate: one, reason: 'acquisition' }));
  }

  #drawn(reason: Reason): readonly Proposal[] {
    const asked = this.#allowed.filter((candidate) => !this.#history.isFresh(candidate));
    const fresh = freshOf(this.#asking);
    const drawn = Array.from(
      { length: this.#options.draws },
      () => fresh[this.#random.integer(fresh.length)] as number,
    );
    return [{ candidate: leastAlike(drawn, asked, this.#inputs), reason }];
  }
}

/** Candidates with values before there is a surrogate. */
const LEAST_KNOWN = 3;

/** How many of the best candidates are evaluated again. */
const REPEATED = 5;
