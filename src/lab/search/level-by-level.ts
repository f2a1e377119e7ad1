// A search in levels of finer and finer candidates, with any method: each level is a separate search that starts with the
// outcomes of the earlier levels.
import { mean } from '../../engine/statistics.ts';
import type { Candidates, Outcome, Proposal, Search } from './contract.ts';
import { someOf } from './pairs.ts';

export interface Stage {
  /** The candidates of the stage before, with the same numbers, then new ones. */
  readonly candidates: Candidates;
  /** Numbers that may be proposed, in addition to those with an outcome. */
  readonly open: readonly number[];
}

export interface LevelPlan {
  readonly first: Stage;
  /** Evaluations after which each level ends. The last level has no end. */
  readonly ends: readonly number[];
  /** `level` counts from 0. `best` are the numbers of all feasible candidates, best first. */
  next(level: number, best: readonly number[]): Stage;
  /** All feasible outcomes so far, best first; absent = by the mean of their values. */
  rank?(outcomes: readonly Outcome[]): readonly Outcome[];
  /** `known` is how many candidates have an outcome already: the method may draw that many at first. */
  start(candidates: Candidates, level: number, known: number): Search;
}

/**
 * Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?", its hierarchy. A level
 * ends when the outcomes of all its evaluations have arrived, so that their durations do not change the result.
 */
export function levelByLevel(plan: LevelPlan): Search {
  const { first, ends, start } = plan;
  return ends.length === 1 ? start(first.candidates, 0, 0) : new LevelByLevel(plan);
}

class LevelByLevel implements Search {
  readonly #plan: LevelPlan;
  readonly #known = new Map<number, Outcome>();
  #level = 0;
  /** Numbers of the candidates that the search of this level calls 0, 1, 2... */
  #numbers: readonly number[];
  #places: ReadonlyMap<number, number> = new Map();
  #search: Search;
  /** Outcomes of other levels that this level's search has not requested yet. */
  #untold = new Map<number, Outcome>();
  #asked = 0;
  #pending = 0;

  constructor(plan: LevelPlan) {
    this.#plan = plan;
    this.#numbers = plan.first.open;
    this.#search = this.#started(plan.first.candidates, 0);
  }

  get finished(): boolean {
    return this.#isLast && this.#search.finished;
  }

  propose(count: number): readonly Proposal[] {
    const proposals: Proposal[] = [];
    while (proposals.length < count && !this.finished) {
      if (this.#isOver) {
        if (this.#pending > 0) break;
        this.#ascend();
      } else {
        const made = this.#made(Math.min(count - proposals.length, this.#left));
        if (made.length === 0) break;
        proposals.push(...made);
      }
    }
    return proposals;
  }

  tell(outcome: Outcome): void {
    const { candidate, values } = outcome;
    this.#search.tell({ ...outcome, candidate: this.#places.get(candidate) as number });
    this.#pending--;
    const before = this.#known.get(candidate)?.values ?? [];
    this.#known.set(candidate, { ...outcome, values: [...before, ...values] });
  }

  get #isLast(): boolean {
    return this.#level === this.#plan.ends.length - 1;
  }

  get #left(): number {
    if (this.#isLast) return Number.POSITIVE_INFINITY;
    return (this.#plan.ends[this.#level] as number) - this.#asked;
  }

  get #isOver(): boolean {
    return !this.#isLast && (this.#left <= 0 || this.#search.finished);
  }

  /** Outcomes of other levels are returned at once and do not count as evaluations. */
  #made(count: number): readonly Proposal[] {
    const made: Proposal[] = [];
    while (made.length < count) {
      const proposals = this.#search.propose(count - made.length);
      if (proposals.length === 0) break;
      for (const { candidate: place, reason } of proposals) {
        const candidate = this.#numbers[place] as number;
        const outcome = this.#untold.get(candidate);
        this.#untold.delete(candidate);
        if (outcome) this.#search.tell({ ...outcome, candidate: place });
        else made.push({ candidate, reason });
      }
    }
    this.#asked += made.length;
    this.#pending += made.length;
    return made;
  }

  #ascend(): void {
    this.#level++;
    const best = this.#best();
    const { candidates, open } = this.#plan.next(this.#level, best);
    const rest = [...this.#known.keys()].filter((number) => !best.includes(number));
    const known = [...best, ...rest];
    const fresh = open.filter((number) => !this.#known.has(number));
    this.#numbers = this.#inOrder(candidates, known, fresh);
    this.#search = this.#started(candidates, known.length);
    this.#untold = new Map(this.#known);
  }

  /**
   * Methods draw their first candidates by number, the same numbers at each level. Candidates with an outcome get the numbers
   * that the method will draw.
   */
  #inOrder(
    candidates: Candidates,
    known: readonly number[],
    fresh: readonly number[],
  ): readonly number[] {
    const all = [...known, ...fresh];
    const trial = this.#plan.start(someOf(candidates, all), this.#level, known.length);
    const drawn = trial.propose(known.length).map(({ candidate }) => candidate);
    const order = new Array<number>(all.length).fill(-1);
    for (const [i, place] of drawn.entries()) order[place] = all[i] as number;
    const others = all.slice(drawn.length);
    let next = 0;
    return order.map((number) => (number >= 0 ? number : (others[next++] as number)));
  }

  #started(candidates: Candidates, known: number): Search {
    this.#places = new Map(this.#numbers.map((number, place) => [number, place]));
    return this.#plan.start(someOf(candidates, this.#numbers), this.#level, known);
  }

  #best(): readonly number[] {
    const { rank = byValue } = this.#plan;
    const feasible = [...this.#known.values()].filter(({ values }) => values.length > 0);
    return rank(feasible).map(({ candidate }) => candidate);
  }
}

function byValue(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.toSorted((a, b) => mean(b.values) - mean(a.values));
}
