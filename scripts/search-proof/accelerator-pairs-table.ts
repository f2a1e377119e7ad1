// Every network of a proof space on 64 accelerators: networks were trained, costs are simulated, and both are sought at once, as
// TransCODE does with encoders and CODEBench with convolutional networks.
import { z } from 'zod';
import { acceleratorCandidates, SCALED_BY } from '../../src/app/search/device-candidates.ts';
import { SourceError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { ProfiledNetwork } from '../../src/lab/profiler/network.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import type { ProofTable } from '../../src/lab/search/proof/proof-space.ts';
import { networkOfShape } from '../../src/lab/simulator/networks.ts';
import { accelbench } from '../../src/lab/simulator/presets/accelbench.ts';
import {
  PRICED,
  type Price,
  preparedOnce,
  priceOf,
  publishedWeights,
  scaleFrom,
} from '../../src/lab/simulator/price.ts';
import { type SimulationOptions, USUAL_RULES } from '../../src/lab/simulator/simulate.ts';
import {
  type AcceleratorSpace,
  acceleratorAt,
  spaceSize,
  type TiledSpace,
  type UnrolledSpace,
} from '../../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../src/lab/simulator/zeros.ts';
import { accuraciesOf } from './device-pairs-table.ts';
import { proofNetworks } from './proof-training.ts';

/** By the family of the networks. */
export const PROOF_ACCELERATORS = { encoder: tiled(), cnn: unrolled() } as const;

/** A corner of the small space whose accelerators are one step from each other. Four windows are computed together. */
function tiled(): TiledSpace {
  return {
    name: 'proof',
    choices: {
      ...{ tileBatch: [1], tile: [8], elements: [1, 4, 16, 64], lanes: [1, 16], batch: [4] },
      ...{ multipliers: [16], softmaxUnits: [1], nonLinearity: ['gelu'] },
      ...{ activationMb: [1 / 64, 1], weightMb: [1 / 64, 1] },
      memory: ['dram-32-2-1', 'rram-32-2-1'],
    },
  };
}

/** Two values of each of six choices, for networks of some kilobytes and one window at a time. */
function unrolled(): UnrolledSpace {
  return {
    name: 'proof',
    choices: {
      ...accelbench.choices,
      ...{ unrolledWindows: [1], unrolledRows: [1, 8], unrolledColumns: [1, 8] },
      ...{ unrolledTaps: [1, 3], multipliers: [1, 16], nonLinearity: ['gelu'], batch: [1] },
      ...{ activationMb: [1 / 64, 1 / 8], weightMb: [1 / 8] },
      memory: ['rram-32-2-1', 'dram-32-2-1'],
    },
  };
}

/** Channels of ASD, on which the networks were trained. */
const WIDTH = 19;

/** Of each network on each accelerator, a window. */
export type PairPrices = readonly (readonly Price[])[];

/** As if no number were 0. Of cnns half a minute of a processor, of encoders two; a step of training takes thrice that. */
export function simulatedPrices(
  family: keyof typeof PROOF_ACCELERATORS,
  mode: SimulationOptions['mode'],
): PairPrices {
  // Numbers side by side until all are there: objects that stay, among those of each simulation, keep its memory from being freed.
  const rows = proofNetworks(family, WIDTH).map((network) =>
    Float64Array.from(
      pricesOfNetwork(network, family, mode).flatMap((price) => PRICED.map((one) => price[one])),
    ),
  );
  return rows.map((row) =>
    Array.from({ length: row.length / PRICED.length }, (_, i) => {
      const [latencyS = 0, dynamicJ = 0, leakageJ = 0, areaMm2 = 0] = row.subarray(
        i * PRICED.length,
      );
      return priceFrom([latencyS, dynamicJ, leakageJ], areaMm2);
    }),
  );
}

/** A window: seconds, joules of work, joules of leakage. */
type WindowCost = readonly [latencyS: number, dynamicJ: number, leakageJ: number];

function priceFrom([latencyS, dynamicJ, leakageJ]: WindowCost, areaMm2: number): Price {
  const powerW = (dynamicJ + leakageJ) / latencyS;
  return { latencyS, dynamicJ, leakageJ, areaMm2, powerW };
}

/** Of one network on each of the accelerators. */
export function pricesOfNetwork(
  network: ProfiledNetwork,
  family: keyof typeof PROOF_ACCELERATORS,
  mode: SimulationOptions['mode'],
): readonly Price[] {
  const space: AcceleratorSpace = PROOF_ACCELERATORS[family];
  const rules = { mode, ...USUAL_RULES, zeros: new Zeros(NO_ZEROS) };
  const workFor = preparedOnce((windows) =>
    networkOfShape(network, 'the design', windows).work(mode),
  );
  return Array.from({ length: spaceSize(space) }, (_, number) => {
    const accelerator = acceleratorAt(space, number);
    return priceOf(workFor(accelerator.batch), accelerator, accelerator.batch, rules);
  });
}

const cost = z.tuple([z.number().positive(), z.number().positive(), z.number().nonnegative()]);

const acceleratorCosts = z
  .strictObject({
    command: z.string(),
    simulated: z.literal(true),
    mode: z.enum(['inference', 'training']),
    /** Of each accelerator. */
    areaMm2: z.array(z.number().positive()).min(1),
    /** Of each network on each accelerator, a window: seconds, joules of work, joules of leakage. */
    costs: z.array(z.array(cost)),
  })
  .refine(({ areaMm2, costs }) => costs.every(({ length }) => length === areaMm2.length), {
    message: 'expected for each network as many costs as accelerators',
  });

export type AcceleratorCosts = z.infer<typeof acceleratorCosts>;

/** Throws `SourceError`, naming `name`, for anything but a file of scripts/proof-accelerators.ts of that mode and as many accelerators. */
export function readPrices(
  text: string,
  name: string,
  expected: { readonly mode: SimulationOptions['mode']; readonly accelerators: number },
): PairPrices {
  const { mode, areaMm2, costs } = parsedCosts(text, name);
  if (mode !== expected.mode || areaMm2.length !== expected.accelerators) {
    throw new SourceError(
      `${name} has costs of ${mode} on ${areaMm2.length} accelerators, expected ${expected.mode} on ${expected.accelerators}: write it with scripts/proof-accelerators.ts --mode ${expected.mode}`,
    );
  }
  return costs.map((each) =>
    each.map((own, accelerator) => priceFrom(own, areaMm2[accelerator] as number)),
  );
}

function parsedCosts(text: string, name: string): AcceleratorCosts {
  try {
    return acceleratorCosts.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${name} holds no costs of accelerators: write it with scripts/proof-accelerators.ts`,
      { cause },
    );
  }
}

/** Draws the pairs that a scale of the costs comes from. */
const SCALE_SEED = 1;

/** Of 100 random pairs, from which TransCODE has its scale. */
export function drawnPrices(prices: PairPrices): readonly Price[] {
  const all = prices.flat();
  const random = createRandom(SCALE_SEED);
  return Array.from({ length: SCALED_BY }, () => all[random.integer(all.length)] as Price);
}

/**
 * Accuracy as `accuraciesOf` has it, and what each cost leaves of 1, by the weights of the paper that the accelerators are of. A
 * cost is in parts of the 95th percentile of those that it is `scaledBy`. Throws `SourceError` where there are not as many prices
 * as networks.
 */
export function acceleratorPairsTable(
  designs: ProofTable,
  accelerators: AcceleratorSpace,
  prices: PairPrices,
  scaledBy: readonly Price[],
): ProofTable<PairCandidates> {
  const { outcomes } = designs;
  if (prices.length !== outcomes.length) {
    throw new SourceError(
      `there are costs of ${prices.length} networks, but ${outcomes.length} were trained: simulate them again with scripts/proof-accelerators.ts`,
    );
  }
  const numbers = [...(prices[0] ?? []).keys()];
  const scale = scaleFrom(scaledBy);
  const weights = publishedWeights(accelerators);
  const left = (price: Price): number =>
    PRICED.reduce((sum, one) => sum + weights[one] * (1 - price[one] / scale[one]), 0);
  return {
    name: `${designs.name} with accelerators`,
    unit: 'performance',
    outcomes: accuraciesOf(outcomes).flatMap((accuracies, design) =>
      (prices[design] ?? []).map((price, accelerator) => ({
        candidate: design * numbers.length + accelerator,
        values: accuracies.map((accuracy) => weights.accuracy * accuracy + left(price)),
      })),
    ),
    candidates: (embedding) =>
      pairsOf(designs.candidates(embedding), acceleratorCandidates(accelerators, numbers)),
  };
}
