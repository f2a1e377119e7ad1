// What a search over candidates has proposed, what came of it, and its archive: feasible candidates that none dominates.
import { LEAST_KNOWN } from '../boshnas/surrogate-search.ts';
import type { Outcome, Proposal, Reason } from '../contract.ts';
import type { Evaluated, Measured } from '../points/contract.ts';
import { archiveOf, evaluatedFrom } from '../points/history.ts';

/** Outcomes of one candidate. */
interface Known {
  readonly candidate: number;
  /** None of its evaluations was infeasible. */
  readonly feasible: boolean;
  /** Without objectives where only the constraints were measured. */
  readonly runs: readonly Measured[];
}

/** The point of an `Evaluated` is its candidate. */
export class FrontHistory {
  readonly #known = new Map<number, Known>();
  readonly #failed = new Set<number>();
  readonly #pending = new Map<number, Reason>();
  #evaluated: readonly Evaluated[] = [];
  #archive: readonly Evaluated[] = [];
  /** Objectives and constraints of an evaluation, once there is one. */
  #sizes: { readonly objectives: number; readonly constraints: number } | undefined;
  #stagnation = 0;
  #version = 0;

  /** Number of outcomes received; a caller that remembers it can see whether there are new ones. */
  get version(): number {
    return this.#version;
  }

  /** Candidates of which anything was measured, in the order of their first outcome. */
  get known(): readonly number[] {
    return [...this.#known.keys()];
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** Outcomes without a change of the archive since the last one with it; initial ones do not count. */
  get stagnation(): number {
    return this.#stagnation;
  }

  /** Number of objectives; 0 while too few candidates have them to be learned. */
  get objectives(): number {
    return this.#evaluated.length < LEAST_KNOWN ? 0 : (this.#sizes?.objectives ?? 0);
  }

  /** All runs: what surrogates learn from. */
  get runs(): readonly (Measured & { readonly candidate: number })[] {
    return [...this.#known.values()].flatMap(({ candidate, runs }) =>
      runs.map((run) => ({ ...run, candidate })),
    );
  }

  /** Candidates with objectives, feasible or not. */
  get evaluated(): readonly Evaluated[] {
    return this.#evaluated;
  }

  /** Candidates of which the constraints alone are known. */
  get broken(): readonly Evaluated[] {
    return [...this.#known.values()]
      .filter(({ runs }) => !runs.some(hasObjectives))
      .map(({ candidate, runs }) => evaluatedFrom([candidate], runs));
  }

  get archive(): readonly Evaluated[] {
    return this.#archive;
  }

  isFresh(candidate: number): boolean {
    return (
      !this.#known.has(candidate) && !this.#failed.has(candidate) && !this.#pending.has(candidate)
    );
  }

  isPending([candidate = -1]: Evaluated['point']): boolean {
    return this.#pending.has(candidate);
  }

  ask({ candidate, reason }: Proposal): void {
    this.#pending.set(candidate, reason);
  }

  /** Throws `RangeError` for a candidate that was not proposed, and for numbers that do not fit those before. */
  tell(outcome: Outcome): void {
    const { candidate } = outcome;
    const reason = this.#pending.get(candidate);
    if (!reason) throw new RangeError(`candidate ${candidate} has an outcome but was not proposed`);
    const told = runsOf(outcome);
    this.#requireFit(told);
    this.#pending.delete(candidate);
    this.#version++;
    const before = this.#known.get(candidate);
    const runs = [...(before?.runs ?? []), ...told];
    const feasible = outcome.values.length > 0 && !this.#failed.has(candidate);
    if (!feasible) this.#failed.add(candidate);
    if (runs.length > 0) this.#known.set(candidate, { candidate, feasible, runs });
    this.#judge(reason);
  }

  #requireFit(runs: readonly Measured[]): void {
    for (const { objectives, constraints } of runs) {
      const { length } = objectives;
      this.#sizes ??= { objectives: length, constraints: constraints.length };
      if (this.#sizes.objectives === 0) this.#sizes = { ...this.#sizes, objectives: length };
      const fits =
        (length === this.#sizes.objectives || length === 0) &&
        constraints.length === this.#sizes.constraints &&
        [...objectives, ...constraints].every(Number.isFinite);
      if (fits) continue;
      throw new RangeError(
        `an outcome has the objectives [${objectives}] and constraints [${constraints}], must have ${this.#sizes.objectives} and ${this.#sizes.constraints} finite numbers`,
      );
    }
  }

  #judge(reason: Reason): void {
    const withObjectives = [...this.#known.values()].flatMap(({ candidate, feasible, runs }) => {
      const whole = runs.filter(hasObjectives);
      return whole.length > 0 ? { feasible, evaluated: evaluatedFrom([candidate], whole) } : [];
    });
    this.#evaluated = withObjectives.map(({ evaluated }) => evaluated);
    const archive = archiveOf(
      withObjectives.flatMap(({ feasible, evaluated }) => (feasible ? evaluated : [])),
    );
    const isSame = textOf(archive) === textOf(this.#archive);
    this.#archive = archive;
    if (!isSame) this.#stagnation = 0;
    else if (reason !== 'initial') this.#stagnation++;
  }
}

function hasObjectives({ objectives }: Measured): boolean {
  return objectives.length > 0;
}

/** Without objectives, the negative of each value is the only one. Nothing where nothing was measured. */
function runsOf({ values, objectives, constraints = [] }: Outcome): readonly Measured[] {
  if (objectives) return [{ objectives, constraints }];
  if (values.length > 0) return values.map((value) => ({ objectives: [-value], constraints }));
  return constraints.length > 0 ? [{ objectives: [], constraints }] : [];
}

function textOf(archive: readonly Evaluated[]): string {
  return archive.map(({ point, objectives }) => `${point}:${objectives}`).join(';');
}
