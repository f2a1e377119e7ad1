// What a search over points has proposed and what came of it, its archive of the best, and its draws of fresh points.
import type { Random } from '../../../engine/random.ts';
import { mean } from '../../../engine/statistics.ts';
import { paretoFront } from '../front.ts';
import type {
  Evaluated,
  Measured,
  Point,
  PointOutcome,
  PointProblem,
  PointProposal,
} from './contract.ts';
import { keyOf, PointSpace, unitSampler } from './space.ts';

/** Constraints are kept. */
export function isFeasible({ constraints }: Pick<Measured, 'constraints'>): boolean {
  return constraints.every((value) => value <= 0);
}

/** Sum over constraints of what is above 0, each as a share of the greatest of these points. */
export function violationsOf(some: readonly Pick<Measured, 'constraints'>[]): readonly number[] {
  const greatest = (some[0]?.constraints ?? []).map((_, k) =>
    Math.max(...some.map(({ constraints }) => constraints[k] as number)),
  );
  return some.map(({ constraints }) =>
    constraints.reduce(
      (sum, value, k) => sum + (value > 0 ? value / (greatest[k] as number) : 0),
      0,
    ),
  );
}

/** Objectives first. */
export function outputsOf({ objectives, constraints }: Measured): readonly number[] {
  return [...objectives, ...constraints];
}

/** Feasible points that no other feasible one dominates, in the given order; of equal objectives all. */
export function archiveOf(evaluated: readonly Evaluated[]): readonly Evaluated[] {
  const feasible = evaluated.filter(isFeasible);
  const front = paretoFront(feasible.map(({ objectives }) => objectives));
  return front.map((i) => feasible[i] as Evaluated);
}

/** Throws `RangeError` without runs, and where runs differ in length. */
export function evaluatedFrom(point: Point, runs: readonly Measured[]): Evaluated {
  const meansOf = (of: (run: Measured) => readonly number[]) =>
    of(runs[0] as Measured).map((_, i) => mean(runs.map((run) => of(run)[i] as number)));
  return {
    point,
    runs,
    objectives: meansOf(({ objectives }) => objectives),
    constraints: meansOf(({ constraints }) => constraints),
  };
}

/** Random draws before a space counts as used up, unless it is small enough to be listed. */
const DRAWS = 5000;
const LISTABLE = 20_000;

export class PointHistory {
  readonly space: PointSpace;
  readonly problem: PointProblem;
  readonly #evaluated = new Map<string, Evaluated>();
  readonly #failed = new Map<string, Point>();
  readonly #pending = new Map<string, PointProposal>();
  readonly #draw: () => Float64Array;
  readonly #random: Random;
  #archive: readonly Evaluated[] | undefined = [];
  #version = 0;
  #usedUp = false;

  constructor(problem: PointProblem, random: Random) {
    this.space = new PointSpace(problem);
    this.problem = problem;
    this.#random = random;
    this.#draw = unitSampler(problem.variables.length, random);
  }

  /** Number of outcomes received; a caller that remembers it can see whether there are new ones. */
  get version(): number {
    return this.#version;
  }

  /** Number of objectives. */
  get objectives(): number {
    return this.problem.objectives;
  }

  /** In the order of their first outcome. */
  get evaluated(): readonly Evaluated[] {
    return [...this.#evaluated.values()];
  }

  get failed(): readonly Point[] {
    return [...this.#failed.values()];
  }

  get pending(): readonly PointProposal[] {
    return [...this.#pending.values()];
  }

  get archive(): readonly Evaluated[] {
    this.#archive ??= archiveOf(this.evaluated);
    return this.#archive;
  }

  /** No fresh legal point was found any more. */
  get usedUp(): boolean {
    return this.#usedUp;
  }

  isPending(point: Point): boolean {
    return this.#pending.has(keyOf(point));
  }

  /** Legal, and never proposed. */
  isFresh(point: Point): boolean {
    const key = keyOf(point);
    const isKnown = this.#evaluated.has(key) || this.#failed.has(key) || this.#pending.has(key);
    return !isKnown && this.space.isLegal(point);
  }

  ask(proposal: PointProposal): void {
    this.#pending.set(keyOf(proposal.point), proposal);
  }

  /** The proposal that it answers. Throws `RangeError` for a point that is not pending, and for numbers that do not fit. */
  tell({ point, runs }: PointOutcome): PointProposal {
    const key = keyOf(point);
    const proposal = this.#pending.get(key);
    if (!proposal) {
      throw new RangeError(`point ${key} was not proposed or has an outcome already`);
    }
    for (const run of runs) requireFit(run, this.problem);
    this.#pending.delete(key);
    this.#version++;
    const before = this.#evaluated.get(key)?.runs ?? [];
    if (runs.length > 0) this.#evaluated.set(key, evaluatedFrom(point, [...before, ...runs]));
    else if (before.length === 0) this.#failed.set(key, point);
    this.#archive = undefined;
    return proposal;
  }

  /** The next fresh legal point of an even sequence; undefined if none was found, and the space counts as used up. */
  drawFresh(): Point | undefined {
    if (this.#usedUp) return undefined;
    for (let draw = 0; draw < DRAWS; draw++) {
      const point = this.space.fromUnit(this.#draw());
      if (this.isFresh(point)) return point;
    }
    const left = this.space.size <= LISTABLE ? this.#fresh() : [];
    this.#usedUp = left.length === 0;
    return left.length > 0 ? left[this.#random.integer(left.length)] : undefined;
  }

  #fresh(): readonly Point[] {
    return [...this.space.all()].filter((point) => this.isFresh(point));
  }
}

function requireFit({ objectives, constraints }: Measured, problem: PointProblem): void {
  const fits =
    objectives.length === problem.objectives &&
    constraints.length === problem.constraints &&
    [...objectives, ...constraints].every(Number.isFinite);
  if (fits) return;
  throw new RangeError(
    `a run has the objectives [${objectives}] and constraints [${constraints}], must have ${problem.objectives} and ${problem.constraints} finite numbers`,
  );
}
