// Every network of the proof space of cnns on 64 accelerators of AccelBench: networks were trained, costs are simulated
// when the table is opened, and both
// are sought at once.
import { acceleratorCandidates } from '../../src/app/search/device-candidates.ts';
import { enumerateCnns } from '../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../src/lab/search/cnn-space/space.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import {
  type CnnProofSpace,
  cnnTable,
  type ProofTable,
} from '../../src/lab/search/proof/proof-space.ts';
import type { Accelerator } from '../../src/lab/simulator/accelerator.ts';
import { networkOfDesign } from '../../src/lab/simulator/networks.ts';
import { accelbench } from '../../src/lab/simulator/presets/accelbench.ts';
import {
  PRICED,
  type Price,
  priceOf,
  publishedWeights,
  scaleFrom,
} from '../../src/lab/simulator/price.ts';
import { acceleratorAt, spaceSize, type UnrolledSpace } from '../../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../src/lab/simulator/zeros.ts';
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

/** Channels of ASD; one row is forecast. */
const SHAPE = { width: 19, horizon: 1 };

export const proofAccelerators: readonly Accelerator[] = Array.from(
  { length: spaceSize(PROOF_ACCELERATORS) },
  (_, number) => acceleratorAt(PROOF_ACCELERATORS, number),
);

/** Of each network of the proof space on each accelerator, every number counted as not zero. Half a minute of a processor. */
export function simulatedPrices(): readonly (readonly Price[])[] {
  const space = readCnnSpace('proof');
  const rules = {
    ...({ mode: 'inference', order: 'bijk', lanes: 'window-32' } as const),
    zeros: new Zeros(NO_ZEROS),
  };
  return enumerateCnns(space).map((cnn) => {
    const design = { cnn, rows: space.rows, ...SHAPE };
    const work = networkOfDesign(design, 'the design', 1).work('inference');
    return proofAccelerators.map((accelerator) => priceOf(work, accelerator, 1, rules));
  });
}

/**
 * CODEBench's sum: .2 accuracy + .2 (1 - latency) + .2 (1 - energy of the work) + .3 (1 - leakage) + .1 (1 - area), accuracy as
 * `accuraciesOf` has it, costs in parts of the 95th percentile of all pairs.
 */
export function cnnPairsTable(
  space: CnnProofSpace,
  prices: readonly (readonly Price[])[],
): ProofTable<PairCandidates> {
  const designs = cnnTable(space, 'loss');
  const numbers = [...proofAccelerators.keys()];
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
