// Every design of the proof space on 64 accelerators: networks were trained, costs are simulated (scripts/proof-accelerators.ts), and
// both are sought at once, as TransCODE does.
import { z } from 'zod';
import { acceleratorCandidates, SCALED_BY } from '../../src/app/search/device-candidates.ts';
import { SourceError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/engine/random.ts';
import { extent, mean } from '../../src/engine/statistics.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import type { ProofSpace } from '../../src/lab/search/proof/proof-space.ts';
import { designTable, type ProofTable } from '../../src/lab/search/proof/proof-space.ts';
import { PRICED, type Price, PUBLISHED_WEIGHTS, scaleFrom } from '../../src/lab/simulator/price.ts';
import type { AcceleratorSpace } from '../../src/lab/simulator/space.ts';

/** A corner of the small space whose accelerators are one step from each other. Four windows are computed together. */
export const PROOF_ACCELERATORS: AcceleratorSpace = {
  name: 'proof',
  choices: {
    ...{ tileBatch: [1], tile: [8], elements: [1, 4, 16, 64], lanes: [1, 16], multipliers: [16] },
    ...{ softmaxUnits: [1], nonLinearity: ['gelu'], batch: [4] },
    ...{ activationMb: [1 / 64, 1], weightMb: [1 / 64, 1], memory: ['dram-32-2-1', 'rram-32-2-1'] },
  },
};

const cost = z.tuple([z.number().positive(), z.number().positive(), z.number().nonnegative()]);

const acceleratorCosts = z.strictObject({
  command: z.string(),
  simulated: z.literal(true),
  mode: z.enum(['inference', 'training']),
  /** Of each accelerator. */
  areaMm2: z.array(z.number().positive()).min(1),
  /** Of each design on each accelerator, a window: seconds, joules of work, joules of leakage. */
  costs: z.array(z.array(cost)),
});

export type AcceleratorCosts = z.infer<typeof acceleratorCosts>;

/** TransCODE's weight of the accuracy. */
const ACCURACY = 0.5;
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
 * .5 accuracy + .1 (1 - latency) + .2 (1 - dynamic energy) + .1 (1 - leakage) + .1 (1 - area), each cost in parts of the 95th
 * percentile of 100 random pairs. Accuracy is what the forecast loss of a design leaves of the range of all designs. Throws
 * `SourceError` where there are not as many costs as designs and accelerators.
 */
export function acceleratorPairsTable(
  space: ProofSpace,
  { areaMm2, costs }: AcceleratorCosts,
): ProofTable<PairCandidates> {
  const designs = designTable(space, 'loss');
  const { outcomes } = designs;
  const { length: count } = areaMm2;
  if (costs.length !== outcomes.length || costs.some((each) => each.length !== count)) {
    throw new SourceError(
      `there are costs of ${costs.length} designs, but ${outcomes.length} were trained: write them again with scripts/proof-accelerators.ts`,
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
  const left = (price: Price): number =>
    PRICED.reduce((sum, one) => sum + PUBLISHED_WEIGHTS[one] * (1 - price[one] / scale[one]), 0);
  const feasible = outcomes.filter(({ values }) => values.length > 0);
  const [least, greatest] = extent(feasible.map(({ values }) => mean(values)));
  return {
    name: 'accelerators',
    unit: 'performance',
    outcomes: outcomes.flatMap(({ candidate: design, values }) =>
      areaMm2.map((_, accelerator) => {
        const candidate = design * count + accelerator;
        const costsLeft = left(priceAt(candidate));
        const accuracy = (value: number) => (value - least) / (greatest - least);
        return { candidate, values: values.map((value) => ACCURACY * accuracy(value) + costsLeft) };
      }),
    ),
    candidates: (embedding) =>
      pairsOf(
        designs.candidates(embedding),
        acceleratorCandidates(
          PROOF_ACCELERATORS,
          areaMm2.map((__, number) => number),
        ),
      ),
  };
}
