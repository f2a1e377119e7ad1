// Every network of the proof space of cnns on 64 accelerators of AccelBench: networks were trained, costs are simulated
// (scripts/proof-cnn-pairs.ts), and both are sought at once.
import { z } from 'zod';
import { acceleratorCandidates } from '../../src/app/search/device-candidates.ts';
import { SourceError } from '../../src/core/errors.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import {
  type CnnProofSpace,
  cnnTable,
  type ProofTable,
} from '../../src/lab/search/proof/proof-space.ts';
import { areaMm2 } from '../../src/lab/simulator/accelerator.ts';
import { accelbench } from '../../src/lab/simulator/presets/accelbench.ts';
import { PRICED, type Price, publishedWeights, scaleFrom } from '../../src/lab/simulator/price.ts';
import { acceleratorAt, spaceSize, type UnrolledSpace } from '../../src/lab/simulator/space.ts';
import { accuraciesOf } from './device-pairs-table.ts';

const KB = 1 / 1024;

/** Two values of each of six choices, for networks of some kilobytes and one window at a time. */
export const PROOF_ACCELERATORS: UnrolledSpace = {
  name: 'proof',
  choices: {
    ...accelbench.choices,
    ...{
      unrolledWindows: [1],
      unrolledRows: [1, 8],
      unrolledColumns: [1, 8],
      unrolledTaps: [1, 3],
    },
    ...{ multipliers: [1, 16], nonLinearity: ['gelu'], batch: [1] },
    ...{ activationMb: [16 * KB, 128 * KB], weightMb: [128 * KB] },
    memory: ['rram-32-2-1', 'dram-32-2-1'],
  },
};

const positive = z.number().positive();

const acceleratorCosts = z.strictObject({
  command: z.string(),
  /** How they are known. */
  source: z.string(),
  /** Of each network on each accelerator: seconds of a window, joules of its work, joules of leakage. */
  costs: z.array(
    z
      .array(z.tuple([positive, positive, positive]).readonly())
      .length(spaceSize(PROOF_ACCELERATORS)),
  ),
});

export type AcceleratorCosts = z.infer<typeof acceleratorCosts>;

/** Throws `SourceError`, naming `name`, for anything but a file of scripts/proof-cnn-pairs.ts. */
export function readAcceleratorCosts(text: string, name: string): AcceleratorCosts {
  try {
    return acceleratorCosts.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${name} holds no costs of accelerators: write it with scripts/proof-cnn-pairs.ts`,
      { cause },
    );
  }
}

/**
 * CODEBench's sum: .2 accuracy + .2 (1 - latency) + .2 (1 - energy of the work) + .3 (1 - leakage) + .1 (1 - area), accuracy as
 * `accuraciesOf` has it, costs in parts of the 95th percentile of all pairs. Throws `SourceError` where there are not as many
 * costs as networks.
 */
export function cnnPairsTable(
  space: CnnProofSpace,
  { costs }: AcceleratorCosts,
): ProofTable<PairCandidates> {
  const designs = cnnTable(space, 'loss');
  if (costs.length !== designs.outcomes.length) {
    throw new SourceError(
      `there are costs of ${costs.length} networks, but ${designs.outcomes.length} were trained: write them again with scripts/proof-cnn-pairs.ts`,
    );
  }
  const numbers = Array.from({ length: spaceSize(PROOF_ACCELERATORS) }, (_, number) => number);
  const areas = numbers.map((number) => areaMm2(acceleratorAt(PROOF_ACCELERATORS, number), false));
  const prices = costs.map((each) =>
    each.map(([latencyS, dynamicJ, leakageJ], i): Price => {
      const powerW = (dynamicJ + leakageJ) / latencyS;
      return { latencyS, dynamicJ, leakageJ, areaMm2: areas[i] as number, powerW };
    }),
  );
  const scale = scaleFrom(prices.flat());
  const weights = publishedWeights(PROOF_ACCELERATORS);
  const left = (price: Price): number =>
    PRICED.reduce((sum, cost) => sum + weights[cost] * (1 - price[cost] / scale[cost]), 0);
  return {
    name: 'cnn-pairs',
    unit: 'performance',
    outcomes: accuraciesOf(designs.outcomes).flatMap((accuracies, design) =>
      (prices[design] ?? []).map((price, accelerator) => ({
        candidate: design * numbers.length + accelerator,
        values: accuracies.map((accuracy) => weights.accuracy * accuracy + left(price)),
      })),
    ),
    candidates: (embedding) =>
      pairsOf(designs.candidates(embedding), acceleratorCandidates(PROOF_ACCELERATORS, numbers)),
  };
}
