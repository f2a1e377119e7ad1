// What every search over points must do; a new one is tested by being listed.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Measured,
  Point,
  PointMethod,
  PointOutcome,
  PointProblem,
  PointProposal,
  PointSearch,
} from '../../src/lab/search/points/contract.ts';
import { pointMethods } from '../../src/lab/search/points/index.ts';
import { keyOf } from '../../src/lab/search/points/space.ts';
import {
  measured,
  SMALL_LEGAL,
  mixed as severalMixed,
  small,
} from '../lab/search/points/toy-points.ts';
import { expectDescribed } from './described-options.ts';

/** Options that make a search cheaper and no other in kind. */
const CHEAPER: Readonly<Record<string, object>> = {
  breathe: { restarts: 1, iterations: 2, initial: 4 },
  nsga2: { population: 4 },
  parego: { initial: 4, pool: 20 },
  ehvi: { initial: 4, pool: 20 },
  mobopt: { initial: 4, population: 4, generations: 2 },
  moead: { population: 4, neighbours: 2 },
  'random-forest': { initial: 4, pool: 20 },
  'boosted-trees': { initial: 4, pool: 20 },
  tpe: { initial: 4 },
};

function start(method: PointMethod, problem: PointProblem, seed: number): PointSearch {
  return method.start(problem, method.options.parse(CHEAPER[method.kind] ?? {}), seed);
}

/** Asks for `batch` at a time and tells each outcome, newest proposal first, until `budget` or the end. */
function run(
  search: PointSearch,
  evaluate: (point: Point) => PointOutcome,
  { budget = 1000, batch = 1 } = {},
): readonly PointProposal[] {
  const all: PointProposal[] = [];
  while (!search.finished && all.length < budget) {
    const proposals = search.propose(Math.min(batch, budget - all.length));
    if (proposals.length === 0 && !search.finished) throw new Error('nothing is outstanding');
    all.push(...proposals);
    for (const { point } of [...proposals].reverse()) search.tell(evaluate(point));
  }
  return all;
}

const outcomeOn = (problem: PointProblem) => (point: Point) => ({
  point,
  runs: [measured(problem, point)],
});

function requireSnapped(problem: PointProblem, point: Point): void {
  expect(problem.legal?.(point) ?? true).toBe(true);
  for (const [i, variable] of problem.variables.entries()) {
    const value = point[i] as number;
    const most = variable.kind === 'choice' ? variable.options - 1 : variable.most;
    expect(value).toBeGreaterThanOrEqual(variable.kind === 'choice' ? 0 : variable.least);
    expect(value).toBeLessThanOrEqual(most);
    if (variable.kind !== 'real') expect(Number.isInteger(value)).toBe(true);
  }
}

/** Checks a search while it is asked and told in any order; a fifth of its points fail. */
class Talk {
  readonly #search: PointSearch;
  readonly #problem: PointProblem;
  readonly #seen = new Set<string>();
  readonly #told = new Map<string, readonly Measured[]>();
  readonly #waiting: Point[] = [];

  constructor(search: PointSearch, problem: PointProblem) {
    this.#search = search;
    this.#problem = problem;
  }

  ask(count: number): void {
    const proposals = this.#search.propose(count);
    expect(proposals.length).toBeLessThanOrEqual(count);
    for (const { point, reason } of proposals) {
      requireSnapped(this.#problem, point);
      if (reason !== 'repetition') expect(this.#seen.has(keyOf(point))).toBe(false);
      this.#seen.add(keyOf(point));
      this.#waiting.push(point);
    }
  }

  answer(count: number, first: boolean): void {
    for (const point of this.#waiting.splice(first ? 0 : -count, count)) {
      const failed = Math.round(1e6 * (point[0] as number)) % 5 === 0;
      const run = measured(this.#problem, point);
      this.#search.tell({ point, runs: failed ? [] : [run, run] });
      if (!failed) this.#told.set(keyOf(point), [run, run]);
      const archive = this.#search.archive.map((one) => keyOf(one.point));
      expect(archive.toSorted()).toEqual(archiveByHand(this.#told).toSorted());
    }
  }
}

/** The archive by its definition, from all that was told. */
function archiveByHand(told: ReadonlyMap<string, readonly Measured[]>): readonly string[] {
  const means = [...told].map(([key, runs]) => {
    const meanOf = (of: (run: Measured) => readonly number[], i: number) =>
      runs.reduce((sum, one) => sum + (of(one)[i] as number), 0) / runs.length;
    const count = runs[0]?.objectives.length ?? 0;
    return {
      key,
      objectives: Array.from({ length: count }, (_, i) => meanOf((one) => one.objectives, i)),
      feasible: meanOf((one) => one.constraints, 0) <= 0,
    };
  });
  const feasible = means.filter((one) => one.feasible);
  const isDominated = (one: readonly number[]) =>
    feasible.some(
      ({ objectives }) =>
        objectives.every((value, i) => value <= (one[i] as number)) &&
        objectives.some((value, i) => value < (one[i] as number)),
    );
  return feasible.filter(({ objectives }) => !isDominated(objectives)).map(({ key }) => key);
}

describe('point methods', () => {
  it('lists every method of its folders, under its name', () => {
    const folders = ['points', 'breathe'].map(
      (name) => new URL(`../../src/lab/search/${name}/`, import.meta.url),
    );
    const kinds = folders.flatMap((folder) =>
      readdirSync(folder).flatMap((file) =>
        [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ {2}kind: '([\w-]+)',$/gm)].map(
          ([, kind]) => kind,
        ),
      ),
    );
    expect(kinds.length).toBeGreaterThan(2);
    expect([...pointMethods.keys()].sort()).toEqual(kinds.sort());
    for (const [kind, method] of pointMethods) expect(method.kind).toBe(kind);
  });
});

describe.each([...pointMethods])('point search contract: %s', (kind, method) => {
  const { mostObjectives = Number.POSITIVE_INFINITY } = method;
  const mixed = { ...severalMixed, objectives: Math.min(severalMixed.objectives, mostObjectives) };

  it('describes every option with default and unit, and refuses others', () => {
    expectDescribed(kind, method);
  });

  it('proposes each legal point of a small space once, then is finished', () => {
    for (const batch of kind === 'breathe' ? [4] : [1, 40]) {
      const search = start(method, small, 3);
      const proposals = run(search, outcomeOn(small), { batch });
      const keys = proposals
        .filter(({ reason }) => reason !== 'repetition')
        .map(({ point }) => keyOf(point));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(SMALL_LEGAL);
      expect(search.finished).toBe(true);
      expect(search.propose(1)).toEqual([]);
    }
  });

  it('proposes legal points on the grid of integers and choices, none twice, however it is asked and told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ ask: fc.nat(4), answer: fc.nat(4), first: fc.boolean() }), {
          maxLength: 7,
        }),
        fc.nat(99),
        (steps, seed) => {
          const talk = new Talk(start(method, mixed, seed), mixed);
          for (const { ask, answer, first } of steps) {
            talk.ask(ask);
            talk.answer(answer, first);
          }
        },
      ),
      { numRuns: 4 },
    );
  });

  it('gives the same proposals for the same seed, also where a journal answers the first', () => {
    const options = { budget: 9, batch: 3 };
    const journal = new Map<string, PointOutcome>();
    const evaluate = outcomeOn(mixed);
    const once = run(
      start(method, mixed, 7),
      (point) => {
        const outcome = evaluate(point);
        if (journal.size < 5) journal.set(keyOf(point), outcome); // ended within a batch
        return outcome;
      },
      options,
    );
    const saved = new Map<string, PointOutcome>(JSON.parse(JSON.stringify([...journal])));
    const anew: string[] = [];
    const resumed = run(
      start(method, mixed, 7),
      (point) => {
        const known = saved.get(keyOf(point));
        if (!known) anew.push(keyOf(point));
        return known ?? evaluate(point);
      },
      options,
    );
    expect(resumed).toEqual(once);
    expect(anew).toHaveLength(once.length - saved.size);
    const other = run(start(method, mixed, 8), evaluate, { ...options, budget: 6 });
    expect(other).not.toEqual(once.slice(0, 6));
  });

  it('goes on where nothing succeeds or nothing is feasible', () => {
    const failing = start(method, mixed, 5);
    expect(run(failing, (point) => ({ point, runs: [] }), { budget: 8 })).toHaveLength(8);
    expect(failing.archive).toEqual([]);

    const broken = start(method, mixed, 5);
    const outcome = (point: Point) => ({
      point,
      runs: [{ ...measured(mixed, point), constraints: [1] }],
    });
    expect(run(broken, outcome, { budget: 8 })).toHaveLength(8);
    expect(broken.archive).toEqual([]);
  });

  it('refuses outcomes that nobody waits for, and numbers that do not fit', () => {
    const search = start(method, mixed, 1);
    expect(() => search.tell({ point: [0, 1, 0], runs: [] })).toThrow(RangeError);
    const [first] = search.propose(1);
    const point = first?.point as Point;
    const { objectives, constraints } = measured(mixed, point);
    for (const run of [
      { objectives: [...objectives, 1], constraints },
      { objectives, constraints: [] },
      { objectives: [1, Number.NaN], constraints },
    ]) {
      expect(() => search.tell({ point, runs: [run] })).toThrow(RangeError);
    }
    search.tell({ point, runs: [{ objectives, constraints }] });
    expect(() => search.tell({ point, runs: [] })).toThrow(RangeError);
  });

  it('takes as many objectives as it says, and refuses more', () => {
    for (const objectives of [1, 2, 4, 5]) {
      const several = () => start(method, { ...severalMixed, objectives }, 1);
      if (objectives > mostObjectives) expect(several).toThrow(RangeError);
      else expect(several).not.toThrow();
    }
  });

  it.each([
    ['a range without width', { kind: 'real', least: 1, most: 1 }],
    ['a reversed range', { kind: 'integer', least: 2, most: 1 }],
    ['the logarithm of 0', { kind: 'real', least: 0, most: 1, log: true }],
    ['one option', { kind: 'choice', options: 1 }],
  ] as const)('refuses %s', (_, variable) => {
    const problem = { variables: [variable], objectives: 1, constraints: 0 };
    expect(() => start(method, problem, 1)).toThrow(RangeError);
  });
});
