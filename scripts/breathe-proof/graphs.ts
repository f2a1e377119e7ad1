// Searches over candidates on problems whose candidates are graphs and were all evaluated before.
import { methods } from '../../src/app/search/methods.ts';
import { lookUp, parseOptions } from '../../src/core/registry.ts';
import { extent } from '../../src/engine/statistics.ts';
import type { Candidates, Outcome, Search, SearchMethod } from '../../src/lab/search/contract.ts';
import { arePairs } from '../../src/lab/search/pairs.ts';
import type { Measured } from '../../src/lab/search/points/contract.ts';
import { isFeasible } from '../../src/lab/search/points/history.ts';
import { type CandidateProblem, shareOfVolume } from '../../src/lab/search/problems/problem.ts';
import { playOut } from '../../src/lab/search/proof/play-out.ts';
import { withWeights } from '../../src/lab/search/proof/weighted.ts';
import { type GraphProblemSource, graphProblems } from './graph-problems.ts';
import type { Contest, ProofHead, ProofRun } from './rows.ts';

/** Evaluations between two notes of what was reached. */
const STEP = 10;

/** Evaluations of methods of one number with the same weights: of those with our surrogate, which need few, and of others. */
const [OF_SURROGATES, OF_OTHERS] = [20, 40];

/** As the references of a problem. */
const MEASURES = ['far hypervolume', 'near hypervolume'] as const;

export const graphContests: readonly Contest[] = graphProblems.map((source) => {
  let opened: CandidateProblem | undefined;
  const head = headOf(source);
  return {
    head,
    methods: [...methods.values()].map(nameOf),
    run(name, seed) {
      opened ??= source.open();
      const kind = [...methods.values()].find((method) => nameOf(method) === name)?.kind ?? name;
      const method = lookUp(methods, kind, 'search method');
      // BOSHCODE has nothing to search but pairs.
      if (method.kind === 'boshcode' && !arePairs(opened.candidates)) return undefined;
      return { method: name, seed, ...searchOnce(method, seed, opened, head.at) };
    },
  };
});

/** With `-weights` where the method seeks one number: it gets weighted sums of the objectives. */
function nameOf({ kind, seeksFront }: SearchMethod): string {
  return seeksFront ? kind : `${kind}-weights`;
}

function headOf({ name, about, report }: GraphProblemSource): ProofHead {
  const budget = report.at(-1) as number;
  const steps = Array.from({ length: Math.floor(budget / STEP) }, (_, i) => STEP * (i + 1));
  return {
    ...{ problem: name, kind: 'graphs', about },
    at: [...new Set([...steps, ...report])].sort((a, b) => a - b),
    report: [...report],
    measures: MEASURES.map((measure, i) => ({
      name: measure,
      better: 'more',
      about: `share of the greatest hypervolume, with a reference a tenth beyond ${i === 0 ? 'all candidates' : 'the front'}`,
    })),
  };
}

function searchOnce(
  method: SearchMethod,
  seed: number,
  problem: CandidateProblem,
  at: readonly number[],
): Omit<ProofRun, 'method' | 'seed'> {
  const { candidates, measured, references } = problem;
  const outcomes = measured.map(({ objectives, constraints }, candidate): Outcome => {
    if (!isFeasible({ constraints })) return { candidate, values: [], constraints };
    return { candidate, values: [0], objectives, constraints };
  });
  const begin = process.cpuUsage();
  const search = startOf(method, problem)(candidates, seed);
  const { order } = playOut(search, outcomes, { budget: at.at(-1) as number, batch: 1 });
  const { user, system } = process.cpuUsage(begin);
  const feasible = order.map((candidate) => isFeasible(measured[candidate] as Measured));
  const firstFeasible = feasible.indexOf(true);
  return {
    values: Object.fromEntries(
      references.map((reference, i) => [
        MEASURES[i] as string,
        at.map((mark) =>
          Number(shareOfVolume(problem, reference, order.slice(0, mark)).toPrecision(6)),
        ),
      ]),
    ),
    queryS: Number(((user + system) / 1e6 / order.length).toPrecision(3)),
    feasible: feasible.filter(Boolean).length / order.length,
    firstFeasible: firstFeasible < 0 ? null : firstFeasible + 1,
  };
}

function startOf(
  method: SearchMethod,
  { measured }: CandidateProblem,
): (candidates: Candidates, seed: number) => Search {
  const options = parseOptions(method.options, {}, `search method ${method.kind}`);
  const start = (candidates: Candidates, seed: number) => method.start(candidates, options, seed);
  if (method.seeksFront) return start;
  const feasible = measured.filter(isFeasible).map(({ objectives }) => objectives);
  return withWeights(start, {
    evaluations: method.kind.startsWith('bosh') ? OF_SURROGATES : OF_OTHERS,
    ranges: (feasible[0] ?? []).map((_, j) => extent(feasible.map((row) => row[j] as number))),
  });
}
