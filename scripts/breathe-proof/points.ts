// Searches over points on analytic problems, whose greatest hypervolume or least value is known.
import { lookUp } from '../../src/core/registry.ts';
import { createRandom } from '../../src/engine/random.ts';
import { hypervolume } from '../../src/lab/search/front.ts';
import type { Evaluated, PointMethod, PointSearch } from '../../src/lab/search/points/contract.ts';
import { isFeasible } from '../../src/lab/search/points/history.ts';
import { pointMethods } from '../../src/lab/search/points/index.ts';
import { analyticProblems } from '../../src/lab/search/problems/index.ts';
import type { AnalyticProblem } from '../../src/lab/search/problems/problem.ts';
import { OURS } from './page.ts';
import type { Contest, ProofHead, ProofRun } from './rows.ts';

/** Evaluations after which values are noted and reported, and all of a search. */
const [STEP, REPORT, BUDGET] = [10, [50, 100, 200], 200];

/** Ours without one of its parts, or with another. */
const variants: Readonly<Record<string, object>> = {
  'first-order': { secondOrder: false },
  'no-sigma': { aleatoricWeight: 0 },
  'no-xi': { epistemicWeight: 0 },
  convex: { value: 'convex' },
  value: { choice: 'value' },
  'no-extremes': { extremeShare: 0 },
  plane: { trend: 'plane' },
};

interface Contender {
  readonly method: string;
  /** Undefined for a problem that it is not made for. */
  start(problem: AnalyticProblem, seed: number): PointSearch | undefined;
}

/** All methods, and ours in its variants. */
const contenders: readonly Contender[] = [
  ...[...pointMethods.values()].map((method) => contender(method.kind, method, {})),
  ...Object.entries(variants).map(([name, options]) =>
    contender(`${OURS}-${name}`, lookUp(pointMethods, OURS, 'method'), options),
  ),
];

function contender(name: string, method: PointMethod, options: object): Contender {
  return {
    method: name,
    start(problem, seed) {
      const fits = problem.objectives <= (method.mostObjectives ?? problem.objectives);
      return fits ? method.start(problem, method.options.parse(options), seed) : undefined;
    },
  };
}

export const pointContests: readonly Contest[] = [...analyticProblems.values()].map((problem) => ({
  head: headOf(problem),
  methods: contenders.map(({ method }) => method),
  run(name, seed) {
    const found = contenders.find(({ method }) => method === name);
    const running = found?.start(problem, seed);
    const length = { step: STEP, budget: BUDGET };
    return running && { method: name, seed, ...searchOnce(problem, running, seed, length) };
  },
}));

function headOf({ name, source, references, objectives }: AnalyticProblem): ProofHead {
  return {
    ...{ problem: name, kind: 'points', about: `${source}.` },
    at: Array.from({ length: BUDGET / STEP }, (_, i) => STEP * (i + 1)),
    report: [...REPORT],
    measures:
      objectives === 1
        ? [{ name: 'regret', better: 'less', about: 'above the least value, without noise' }]
        : references.map(({ point }) => ({
            name: nameOf(point),
            better: 'more' as const,
            about: `share of the greatest hypervolume up to (${point.join(', ')})`,
          })),
  };
}

function nameOf(reference: readonly number[]): string {
  return `hypervolume to ${reference[0]}`;
}

/** One search, noted after each `step` of its `budget`. Values are without noise; a search sees them with it. */
export function searchOnce(
  problem: AnalyticProblem,
  running: PointSearch,
  seed: number,
  { step, budget }: { readonly step: number; readonly budget: number },
): Omit<ProofRun, 'method' | 'seed'> {
  const random = createRandom(seed);
  const values: Record<string, number[]> = {};
  let [seconds, feasible, firstFeasible] = [0, 0, null as number | null];
  for (let evaluation = 1; evaluation <= budget; evaluation++) {
    const before = process.cpuUsage();
    const [proposal] = running.propose(1);
    const { user, system } = process.cpuUsage(before);
    seconds += (user + system) / 1e6;
    if (!proposal) throw new RangeError(`no proposal after ${evaluation - 1} evaluations`);
    const { point } = proposal;
    const exact = problem.evaluate(point);
    const spread = problem.noise?.(point) ?? 0;
    const objectives = exact.objectives.map((value) => value + spread * random.normal());
    running.tell({ point, runs: [{ ...exact, objectives }] });
    if (isFeasible(exact)) {
      feasible++;
      firstFeasible ??= evaluation;
    }
    if (evaluation % step === 0) note(values, problem, running.archive);
  }
  return {
    values,
    queryS: Number((seconds / budget).toPrecision(3)),
    feasible: feasible / budget,
    firstFeasible,
  };
}

function note(
  values: Record<string, number[]>,
  problem: AnalyticProblem,
  archive: readonly Evaluated[],
): void {
  const front = archive.map(({ point }) => problem.evaluate(point).objectives);
  const found =
    problem.optimum === undefined
      ? problem.references.map(
          ({ point, most }) => [nameOf(point), hypervolume(front, point) / most] as const,
        )
      : [['regret', Math.min(...front.map(([value = 0]) => value)) - problem.optimum] as const];
  for (const [name, value] of found) {
    values[name] = [...(values[name] ?? []), Number(value.toPrecision(6))];
  }
}
