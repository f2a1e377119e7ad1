// Problems whose candidates are graphs: small graphs with two labels, and encoders on devices.
import { readFileSync } from 'node:fs';
import { deviceCandidates } from '../../src/app/search/library.ts';
import { SourceError } from '../../src/core/errors.ts';
import { extent, mean } from '../../src/engine/statistics.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { paretoFront } from '../../src/lab/search/front.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import { graphProblem } from '../../src/lab/search/problems/graphs-problem.ts';
import { type CandidateProblem, referenceAt } from '../../src/lab/search/problems/problem.ts';
import {
  designTable,
  type ProofSpace,
  readProofSpace,
} from '../../src/lab/search/proof/proof-space.ts';
import { type DeviceCosts, readDeviceCosts } from '../search-proof/device-pairs-table.ts';
import { committed } from '../search-proof/tables.ts';

export interface GraphProblemSource {
  readonly name: string;
  readonly about: string;
  /** Numbers of evaluations that are reported; the last is the budget. */
  readonly report: readonly number[];
  /** References: a far one and a near one. */
  open(): CandidateProblem;
}

export const graphProblems: readonly GraphProblemSource[] = [
  {
    name: 'graphs',
    about:
      'All 4,302 connected graphs of up to six nodes with two labels: algebraic connectivity up, cost of the edges down (1 between equal labels, 2 between unlike ones), diameter at most 3. The front is the complete graphs of one label, which the limit does not touch. 215 evaluations are 5 %. Methods of one number, `-weights`, seek weighted sums of the objectives, whose weights are drawn anew every 20 or 40 evaluations and whose ranges they are told.',
    report: [54, 108, 215],
    open: graphProblem,
  },
  {
    name: 'encoder-pairs',
    about:
      'The 812 encoders of results/search/proof-space.json on the five devices of proof-pairs.json, 4,060 pairs: forecast loss, latency and energy down. Losses are those of trainings, costs are modelled. 162 evaluations are 4 %. `-weights` as for graphs.',
    report: [40, 81, 162],
    open: () => encoderPairs(committedSpace(), committedCosts()),
  },
];

export function committedSpace(): ProofSpace {
  return readProofSpace(...contentOf('proof-space.json'));
}

const committedCosts = (): DeviceCosts => readDeviceCosts(...contentOf('proof-pairs.json'));

function contentOf(name: string): [text: string, path: string] {
  const path = committed(name);
  return [readFileSync(path, 'utf8'), path];
}

/** Of the range: how far a reference lies beyond the worst. */
const BEYOND = 0.1;

/** The near reference is a tenth beyond the front, the far one a tenth beyond all pairs. */
function encoderPairs(
  space: ProofSpace,
  { devices, costs }: DeviceCosts,
): CandidateProblem<PairCandidates> {
  const designs = designTable(space, 'loss');
  if (costs.length !== designs.outcomes.length) {
    throw new SourceError(
      `there are costs of ${costs.length} designs, but ${designs.outcomes.length} were trained: write them again with scripts/proof-pairs.ts`,
    );
  }
  const measured = designs.outcomes.flatMap(({ candidate, values }) =>
    (costs[candidate] ?? []).map(([latencyS, energyJ]) => ({
      objectives: [-mean(values), latencyS, energyJ],
      constraints: [],
    })),
  );
  const all = measured.map(({ objectives }) => objectives);
  const front = paretoFront(all).map((i) => all[i] as readonly number[]);
  return {
    name: 'encoder-pairs',
    source: 'trainings of scripts/proof-space.ts, costs of scripts/proof-pairs.ts',
    candidates: pairsOf(designs.candidates(), deviceCandidates(devices.length)),
    measured,
    references: [beyond(all), beyond(front)].map((point) => referenceAt(measured, point)),
  };
}

function beyond(points: readonly (readonly number[])[]): readonly number[] {
  return (points[0] ?? []).map((_, j) => {
    const [least, greatest] = extent(points.map((point) => point[j] as number));
    return greatest + BEYOND * (greatest - least);
  });
}
