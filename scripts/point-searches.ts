// Compares searches over points on problems whose optimum is known: prints the share of the greatest hypervolume, or the regret.
// Usage: npx tsx scripts/point-searches.ts --problems 'ZDT1(5),BNH' --methods breathe,sobol,nsga2 --seeds 3 --budget 100
//        --set '{"choice":"value"}' for options of breathe; --first-seed 1001 for what settings are chosen on
// It writes nothing: results/breathe is of scripts/breathe-proof.ts.
import { median } from '../src/engine/statistics.ts';
import type { PointMethod } from '../src/lab/search/points/contract.ts';
import { pointMethods } from '../src/lab/search/points/index.ts';
import { analyticProblems } from '../src/lab/search/problems/index.ts';
import type { AnalyticProblem } from '../src/lab/search/problems/problem.ts';
import { searchOnce } from './breathe-proof/points.ts';
import { chosen, commandLine, wholeNumber } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';

const { values } = commandLine({
  options: {
    problems: { type: 'string', default: 'ZDT1(5),ZDT2(5),BNH,OSY' },
    methods: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    'first-seed': { type: 'string', default: '1' },
    budget: { type: 'string', default: '100' },
    set: { type: 'string', default: '{}' },
  },
});
const seeds = wholeNumber('seeds', values.seeds, 1);
const first = wholeNumber('first-seed', values['first-seed'], 0);
const budget = wholeNumber('budget', values.budget, 1);
const problems = chosen(
  'problems',
  values.problems,
  [...analyticProblems.values()],
  ({ name }) => name,
);
const methods = chosen('methods', values.methods, [...pointMethods.values()], ({ kind }) => kind);

function rowOf(problem: AnalyticProblem, method: PointMethod): readonly string[] {
  const options = method.options.parse(method.kind === 'breathe' ? JSON.parse(values.set) : {});
  const runs = Array.from({ length: seeds }, (_, i) => {
    const running = method.start(problem, options, first + i);
    return searchOnce(problem, running, first + i, { step: budget, budget });
  });
  const qualities = Object.keys(runs[0]?.values ?? {}).map(
    (name) => `${name} ${spread(runs.map((run) => run.values[name]?.[0] as number))}`,
  );
  const feasible = runs.map(({ firstFeasible }) => firstFeasible ?? Number.POSITIVE_INFINITY);
  return [
    ...[problem.name, method.kind, qualities.join('; '), String(median(feasible))],
    median(runs.map(({ queryS }) => queryS)).toFixed(2),
  ];
}

/** Median with the least and the greatest. */
function spread(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${median(numbers).toFixed(3)} [${least.toFixed(3)}, ${most.toFixed(3)}]`;
}

const rows = problems.flatMap((problem) =>
  methods
    .filter(({ mostObjectives: most }) => problem.objectives <= (most ?? problem.objectives))
    .map((method) => rowOf(problem, method)),
);
console.log(
  markdownTable(
    ['problem', 'method', 'share of the hypervolume, or regret', 'first feasible', 's a query'],
    rows,
  ),
);
