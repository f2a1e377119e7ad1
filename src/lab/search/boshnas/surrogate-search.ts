// The course of a search by surrogates: random candidates first, then those that the surrogates propose, and again random ones.
import { createRandom, type Random } from '../../../engine/random.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import type { Candidates, Outcome, Proposal, Reason, Search } from '../contract.ts';
import { freshOf, type ProposalContext } from './acquired.ts';
import { boundsOf } from './climb.ts';
import { inputsOf, leastAlike, type SurrogateInputs } from './inputs.ts';
import type { SurrogateSearchOptions } from './options.ts';

export interface SearchArea {
  readonly candidates: Candidates;
  /** The two parts of a pair, else the candidates themselves. */
  readonly halves: readonly Candidates[];
  /** Candidates that may be proposed, ascending; absent = all. */
  readonly allowed?: readonly number[];
}

/** What a method knows of its candidates, and what its surrogates propose. */
export interface SurrogateGuide {
  readonly history: SearchHistory;
  /** At most `count` fresh candidates of the best acquisition. */
  acquired(count: number): readonly number[];
  /** The fresh candidate that the surrogates know least about. */
  leastKnown(): number;
  /** A candidate to evaluate again when nothing gets better; undefined = none. */
  repeated(): number | undefined;
}

interface SearchHistory {
  /** Candidates that the surrogates learn from. */
  readonly known: readonly number[];
  readonly pending: number;
  /** Outcomes without progress since the last one with it. */
  readonly stagnation: number;
  isFresh(candidate: number): boolean;
  ask(proposal: Proposal): void;
  tell(outcome: Outcome): void;
}

export interface GuideSetup extends Omit<ProposalContext, 'history'> {
  readonly inputs: SurrogateInputs;
}

/** What BOSHNAS, BOSHCODE and G-BREATHE share: shares of proposals, their start and their end. */
export class SurrogateSearch implements Search {
  readonly #options: SurrogateSearchOptions;
  readonly #inputs: SurrogateInputs;
  readonly #allowed: readonly number[];
  readonly #random: Random;
  readonly #guide: SurrogateGuide;
  #asked = 0;

  constructor(
    { candidates, halves, allowed }: SearchArea,
    options: SurrogateSearchOptions,
    seed: number,
    guideOf: (setup: GuideSetup) => SurrogateGuide,
  ) {
    const { count } = candidates;
    const inputs = inputsOf(candidates, halves);
    this.#options = options;
    this.#inputs = inputs;
    this.#allowed = allowed ?? Array.from({ length: count }, (_, candidate) => candidate);
    this.#random = createRandom(seed);
    this.#guide = guideOf({
      inputs,
      points: inputs.points,
      allowed: this.#allowed,
      bounds: boundsOf(pointsAt(inputs.points, this.#allowed)),
      neighbours: (candidate) => candidates.neighbours(candidate),
      options,
      random: this.#random,
    });
  }

  get finished(): boolean {
    const { patience } = this.#options;
    const { history } = this.#guide;
    if (patience !== null && history.stagnation >= 2 * patience) return true;
    return !this.#allowed.some((candidate) => history.isFresh(candidate));
  }

  propose(count: number): readonly Proposal[] {
    const proposals: Proposal[] = [];
    while (proposals.length < count && !this.finished) {
      const made = this.#next(count - proposals.length);
      for (const proposal of made) this.#guide.history.ask(proposal);
      this.#asked += made.length;
      proposals.push(...made);
      if (made.length === 0) break;
    }
    return proposals;
  }

  tell(outcome: Outcome): void {
    this.#guide.history.tell(outcome);
  }

  /** The next proposals, at most `count`; none = wait for outcomes. */
  #next(count: number): readonly Proposal[] {
    const { initial, uncertaintyShare, diversityShare, patience } = this.#options;
    const { history } = this.#guide;
    if (this.#asked < initial) return this.#drawn('initial');
    if (history.known.length < LEAST_KNOWN) {
      return history.pending > 0 ? [] : this.#drawn('initial');
    }
    const draw = this.#random.uniform();
    if (draw < diversityShare) return this.#drawn('diversity');
    if (draw < diversityShare + uncertaintyShare) {
      return [{ candidate: this.#guide.leastKnown(), reason: 'uncertainty' }];
    }
    const stuck = history.stagnation >= (patience ?? Number.POSITIVE_INFINITY);
    const candidate = stuck ? this.#guide.repeated() : undefined;
    if (candidate !== undefined) return [{ candidate, reason: 'repetition' }];
    return this.#guide.acquired(count).map((one) => ({ candidate: one, reason: 'acquisition' }));
  }

  #drawn(reason: Reason): readonly Proposal[] {
    const { history } = this.#guide;
    const asked = this.#allowed.filter((candidate) => !history.isFresh(candidate));
    const fresh = freshOf(history, this.#allowed);
    const drawn = Array.from(
      { length: this.#options.draws },
      () => fresh[this.#random.integer(fresh.length)] as number,
    );
    return [{ candidate: leastAlike(drawn, asked, this.#inputs), reason }];
  }
}

/** Candidates with values before there are surrogates. */
export const LEAST_KNOWN = 3;
