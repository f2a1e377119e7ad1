// Every network of a proof space on 64 accelerators: networks were trained, costs are simulated (scripts/proof-accelerators.ts), and
// both are sought at once, as TransCODE does with encoders and CODEBench with convolutional networks.
import { z } from 'zod';
import { acceleratorCandidates, SCALED_BY } from '../../src/app/search/device-candidates.ts';
import { SourceError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import type { ProofTable } from '../../src/lab/search/proof/proof-space.ts';
import { accelbench } from '../../src/lab/simulator/presets/accelbench.ts';
import { PRICED, type Price, publishedWeights, scaleFrom } from '../../src/lab/simulator/price.ts';
import type { AcceleratorSpace, TiledSpace, UnrolledSpace } from '../../src/lab/simulator/space.ts';
import { accuraciesOf } from './device-pairs-table.ts';

const KB = 1 / 1024;

/** A corner of the small space whose accelerators are one step from each other. Four windows are computed together. */
const tiled: TiledSpace = {
  name: 'proof',
  choices: {
    ...{ tileBatch: [1], tile: [8], elements: [1, 4, 16, 64], lanes: [1, 16], multipliers: [16] },
    ...{ softmaxUnits: [1], nonLinearity: ['gelu'], batch: [4] },
    ...{ activationMb: [1 / 64, 1], weightMb: [1 / 64, 1], memory: ['dram-32-2-1', 'rram-32-2-1'] },
  },
};

/** Two values of each of six choices, for networks of some kilobytes and one window at a time. */
const unrolled: UnrolledSpace = {
  name: 'proof',
  choices: {
    ...accelbench.choices,
    ...{ unrolledWindows: [1], unrolledRows: [1, 8], unrolledColumns: [1, 8] },
    ...{ unrolledTaps: [1, 3], multipliers: [1, 16], nonLinearity: ['gelu'], batch: [1] },
    ...{ activationMb: [16 * KB, 128 * KB], weightMb: [128 * KB] },
    memory: ['rram-32-2-1', 'dram-32-2-1'],
  },
};

/** By the family of the networks. */
export const PROOF_ACCELERATORS = { encoder: tiled, cnn: unrolled } as const;

const cost = z.tuple([z.number().positive(), z.number().positive(), z.number().nonnegative()]);

const acceleratorCosts = z.strictObject({
  command: z.string(),
  simulated: z.literal(true),
  mode: z.enum(['inference', 'training']),
  /** Of each accelerator. */
  areaMm2: z.array(z.number().positive()).min(1),
  /** Of each network on each accelerator, a window: seconds, joules of work, joules of leakage. */
  costs: z.array(z.array(cost)),
});

export type AcceleratorCosts = z.infer<typeof acceleratorCosts>;

/** Name of the file of their costs. */
export function costsFile(
  family: keyof typeof PROOF_ACCELERATORS,
  mode: AcceleratorCosts['mode'],
): string {
  return `proof-${family === 'encoder' ? '' : `${family}-`}accelerators-${mode}.json.gz`;
}

/** Draws the pairs that the scale of the costs comes from. */
const SCALE_SEED = 1;

/** Throws `SourceError`, naming `name`, for anything but a file of scripts/proof-accelerators.ts. */
export function readAcceleratorCosts(text: string, name: string): AcceleratorCosts {
  try {
    return acceleratorCosts.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${name} holds no costs of accelerators: write it with scripts/proof-accelerators.ts`,
      { cause },
    );
  }
}

/**
 * Accuracy as `accuraciesOf` has it, and what each cost leaves of 1, by the weights of the paper that the accelerators are of. A
 * cost is in parts of the 95th percentile of 100 random pairs. Throws `SourceError` where there are not as many costs as networks
 * and accelerators.
 */
export function acceleratorPairsTable(
  designs: ProofTable,
  accelerators: AcceleratorSpace,
  { areaMm2, costs }: AcceleratorCosts,
): ProofTable<PairCandidates> {
  const { outcomes } = designs;
  const { length: count } = areaMm2;
  if (costs.length !== outcomes.length || costs.some((each) => each.length !== count)) {
    throw new SourceError(
      `there are costs of ${costs.length} networks, but ${outcomes.length} were trained: write them again with scripts/proof-accelerators.ts`,
    );
  }
  const priceAt = (pair: number): Price => {
    const [design, accelerator] = [Math.floor(pair / count), pair % count];
    const found = costs[design]?.[accelerator] ?? [0, 0, 0];
    const [latencyS, dynamicJ, leakageJ] = found;
    return {
      ...{ latencyS, dynamicJ, leakageJ, areaMm2: areaMm2[accelerator] as number },
      powerW: (dynamicJ + leakageJ) / latencyS,
    };
  };
  const random = createRandom(SCALE_SEED);
  const all = outcomes.length * count;
  const scale = scaleFrom(Array.from({ length: SCALED_BY }, () => priceAt(random.integer(all))));
  const weights = publishedWeights(accelerators);
  const left = (price: Price): number =>
    PRICED.reduce((sum, one) => sum + weights[one] * (1 - price[one] / scale[one]), 0);
  return {
    name: `${designs.name} with accelerators`,
    unit: 'performance',
    outcomes: accuraciesOf(outcomes).flatMap((accuracies, design) =>
      areaMm2.map((_, accelerator) => {
        const candidate = design * count + accelerator;
        const costsLeft = left(priceAt(candidate));
        return { candidate, values: accuracies.map((one) => weights.accuracy * one + costsLeft) };
      }),
    ),
    candidates: (embedding) =>
      pairsOf(
        designs.candidates(embedding),
        acceleratorCandidates(
          accelerators,
          areaMm2.map((__, number) => number),
        ),
      ),
  };
}
