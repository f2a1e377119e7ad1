// Compares searches over points on problems whose optimum is known: prints the share of the greatest hypervolume, or the regret.
// Usage: npx tsx scripts/point-searches.ts --problems 'ZDT1(5),BNH' --methods breathe,sobol,nsga2 --seeds 3 --budget 100
//        --set '{"choice":"value"}' for options of breathe; --first-seed 1001 for what settings are chosen on
import { createRandom } from '../src/engine/random.ts';
import { median } from '../src/engine/statistics.ts';
import { hypervolume } from '../src/lab/search/front.ts';
import type { Evaluated, PointMethod } from '../src/lab/search/points/contract.ts';
import { isFeasible } from '../src/lab/search/points/history.ts';
import { pointMethods } from '../src/lab/search/points/index.ts';
import { analyticProblems } from '../src/lab/search/problems/index.ts';
import type { AnalyticProblem } from '../src/lab/search/problems/problem.ts';
import { commandLine } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';

const { values } = commandLine({
  options: {
    problems: { type: 'string', default: 'ZDT1(5),ZDT2(5),BNH,OSY' },
    methods: { type: 'string', default: [...pointMethods.keys()].join(',') },
    seeds: { type: 'string', default: '3' },
    'first-seed': { type: 'string', default: '1' },
    budget: { type: 'string', default: '100' },
    set: { type: 'string', default: '{}' },
  },
});

const rows = problemsNamed(values.problems).flatMap((problem) =>
  values.methods.split(',').map((kind) => {
    const method = pointMethods.get(kind);
    if (!method) throw new RangeError(`there is no method ${kind}`);
    const first = Number(values['first-seed']);
    const runs = Array.from({ length: Number(values.seeds) }, (_, i) =>
      search(problem, method, first + i),
    );
    return [
      ...[problem.name, kind, qualityOf(problem, runs)],
      String(median(runs.map(({ firstFeasible }) => firstFeasible))),
      median(runs.map(({ queryS }) => queryS)).toFixed(2),
    ];
  }),
);
console.log(
  markdownTable(
    ['problem', 'method', 'share of the hypervolume, or regret', 'first feasible', 's a query'],
    rows,
  ),
);

interface Run {
  readonly archive: readonly Evaluated[];
  /** Evaluations up to the first feasible point; infinite without one. */
  readonly firstFeasible: number;
  /** Processor seconds of one proposal. */
  readonly queryS: number;
}

function search(problem: AnalyticProblem, method: PointMethod, seed: number): Run {
  const options = method.options.parse(method.kind === 'breathe' ? JSON.parse(values.set) : {});
  const running = method.start(problem, options, seed);
  const random = createRandom(seed);
  const before = process.cpuUsage();
  const budget = Number(values.budget);
  let firstFeasible = Number.POSITIVE_INFINITY;
  for (let evaluation = 1; evaluation <= budget; evaluation++) {
    for (const { point } of running.propose(1)) {
      const exact = problem.evaluate(point);
      const spread = problem.noise?.(point) ?? 0;
      const objectives = exact.objectives.map((value) => value + spread * random.normal());
      running.tell({ point, runs: [{ ...exact, objectives }] });
      if (isFeasible(exact)) firstFeasible = Math.min(firstFeasible, evaluation);
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { archive: running.archive, firstFeasible, queryS: (user + system) / 1e6 / budget };
}

/** Median with the least and the greatest, for each reference point; without noise. */
function qualityOf(problem: AnalyticProblem, runs: readonly Run[]): string {
  const exact = runs.map(({ archive }) =>
    archive.map(({ point }) => problem.evaluate(point).objectives),
  );
  const { optimum, references } = problem;
  if (optimum !== undefined) {
    return spread(exact.map((front) => Math.min(...front.map(([one = 0]) => one)) - optimum));
  }
  return references
    .map(({ point, most }) => {
      const shares = exact.map((front) => hypervolume(front, point) / most);
      return `${spread(shares)} at ${point[0]}`;
    })
    .join('; ');
}

function spread(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${median(numbers).toFixed(3)} [${least.toFixed(3)}, ${most.toFixed(3)}]`;
}

/** Names have commas within brackets. */
function problemsNamed(text: string): readonly AnalyticProblem[] {
  return text.split(/,(?![^(]*\))/).map((name) => {
    const problem = analyticProblems.get(name);
    if (problem) return problem;
    throw new RangeError(`there is no problem ${name}: ${[...analyticProblems.keys()].join(' ')}`);
  });
}
