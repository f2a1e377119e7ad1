// Searches the accelerator for one network: what may be taken, the scale of the costs, and each evaluation.
import { setImmediate } from 'node:timers/promises';
import { ConfigError } from '../../core/errors.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import { createRandom } from '../../engine/random.ts';
import type { Outcome, Proposal, Search } from '../../lab/search/contract.ts';
import { levelEnds } from '../../lab/search/design-space/levels.ts';
import { levelByLevel, type Stage } from '../../lab/search/level-by-level.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import type { Work } from '../../lab/simulator/lowering/graph.ts';
import {
  type Price,
  type PriceScale,
  priceOf,
  publishedWeights,
  scaleFrom,
  smoothFunctionOf,
  weightedPrice,
} from '../../lab/simulator/price.ts';
import type { SimulationOptions } from '../../lab/simulator/simulate.ts';
import { type AcceleratorSpace, acceleratorAt, spaceSize } from '../../lab/simulator/space.ts';
import { askAndTell } from '../search/ask-and-tell.ts';
import {
  type AcceleratorNeeds,
  acceleratorCandidates,
  around,
  costsThatFit,
  isListed,
  legalAccelerators,
  SCALED_BY,
} from '../search/device-candidates.ts';
import { BEST } from '../search/library-window.ts';
import { methods } from '../search/methods.ts';

export const OBJECTIVES = ['latency', 'energy', 'area'] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** A network for so many windows together. */
export interface Prepared {
  readonly work: Work;
  readonly zeros: SimulationOptions['zeros'];
}

export interface AccelerateTask {
  readonly space: AcceleratorSpace;
  readonly objectives: readonly Objective[];
  readonly maxAreaMm2?: number | undefined;
  readonly maxPowerW?: number | undefined;
  readonly method: string;
  readonly methodOptions: Readonly<Record<string, unknown>>;
  readonly budget: number;
  readonly seed: number;
  readonly options: Omit<SimulationOptions, 'zeros'>;
  /** For each number of windows that the space has. */
  readonly networks: ReadonlyMap<number, Prepared>;
}

export interface Evaluated {
  /** From 1 on. */
  readonly evaluation: number;
  readonly reason: Proposal['reason'];
  readonly accelerator: Accelerator;
  /** Absent where the network does not fit. */
  readonly price?: Price;
  /** Lower is better; absent where the network does not fit, or a limit is broken. */
  readonly cost?: number;
  /** Why there is no cost. */
  readonly failure?: string;
}

export interface Begun {
  /** That may be taken, or of a large space so many of them as were drawn. */
  readonly candidates: number;
  readonly space: number;
  readonly scale: PriceScale;
}

export interface AccelerateContext {
  readonly signal: AbortSignal;
  onBegun(begun: Begun): void;
  /** In the order of the evaluations. */
  onEvaluated(evaluated: Evaluated): void;
}

/**
 * Resolves when the budget is used up or nothing is left. Rejects with the signal's reason. Throws `ConfigError` for limits that
 * nothing keeps, and for a method or options that there are not.
 */
export async function accelerate(task: AccelerateTask, context: AccelerateContext): Promise<void> {
  const { space, budget } = task;
  const needs = needsOf(task);
  const method = lookUp(methods, task.method, 'search method');
  const options = parseOptions(method.options, task.methodOptions, `method ${method.kind}`);
  const numbers = [...legalAccelerators(space, needs, task.seed)];
  const scale = scaleFrom(await someOf(numbers, task, context.signal));
  context.onBegun({ candidates: numbers.length, space: spaceSize(space), scale });

  const stage = (): Stage => ({
    candidates: acceleratorCandidates(space, numbers),
    open: [...numbers.keys()],
  });
  // A library of a space too large to be listed grows around the best that it brought.
  const search: Search = levelByLevel({
    first: stage(),
    ends: levelEnds(budget, isListed(space) ? 1 : LEVELS),
    next(_, best) {
      const known = new Set(numbers);
      const centres = best.slice(0, BEST).map((candidate) => numbers[candidate] as number);
      numbers.push(...around(space, needs, centres).filter((one) => !known.has(one)));
      return stage();
    },
    start: (candidates, level) => method.start(candidates, options, task.seed + level),
  });

  await askAndTell<Proposal, Evaluated>(search, {
    ...{ budget, parallel: 1, signal: context.signal },
    async evaluate(number, { candidate, reason }) {
      await setImmediate(); // a signal may have come
      const accelerator = acceleratorAt(space, numbers[candidate] as number);
      return { evaluation: number + 1, reason, ...evaluated(accelerator, scale, task) };
    },
    told({ proposal, result }) {
      search.tell(outcomeOf(proposal.candidate, result, task));
      context.onEvaluated(result);
    },
  });
}

const LEVELS = 3;

function needsOf({ networks, objectives, options, ...limits }: AccelerateTask): AcceleratorNeeds {
  const { maxAreaMm2, maxPowerW } = limits;
  return {
    smooth: [...networks.values()].some(({ work }) => smoothFunctionOf(work) !== undefined),
    comparesEnergy: objectives.includes('energy') || maxPowerW !== undefined,
    training: options.mode === 'training',
    maxAreaMm2,
  };
}

/** Prices of accelerators drawn at random, of those that the network fits. Throws the last fault where it fits none. */
async function someOf(
  numbers: readonly number[],
  task: AccelerateTask,
  signal: AbortSignal,
): Promise<readonly Price[]> {
  const drawn = [...numbers];
  createRandom(task.seed).shuffle(drawn);
  const priceAt = (number: number) => ownPrice(acceleratorAt(task.space, number), task);
  return await costsThatFit(drawn.slice(0, SCALED_BY), priceAt, async () => {
    await setImmediate();
    signal.throwIfAborted();
  });
}

/** Undefined where no network for so many windows was prepared. Throws `ConfigError` where it does not fit. */
export function pricedOn(
  accelerator: Accelerator,
  { networks, options }: AccelerateTask,
): Price | undefined {
  const network = networks.get(accelerator.batch);
  if (!network) return undefined;
  const { work, zeros } = network;
  return priceOf(work, accelerator, accelerator.batch, { ...options, zeros });
}

/** Of an accelerator of the space, for which networks are prepared. */
function ownPrice(accelerator: Accelerator, task: AccelerateTask): Price {
  const price = pricedOn(accelerator, task);
  if (price) return price;
  throw new RangeError(`no network for ${accelerator.batch} windows was prepared`);
}

function evaluated(
  accelerator: Accelerator,
  scale: PriceScale,
  task: AccelerateTask,
): Omit<Evaluated, 'evaluation' | 'reason'> {
  try {
    const price = ownPrice(accelerator, task);
    const { maxPowerW = Number.POSITIVE_INFINITY } = task;
    if (price.powerW > maxPowerW) {
      const over = (price.powerW - maxPowerW).toPrecision(3);
      return { accelerator, price, failure: `takes ${over} W more than ${maxPowerW} W` };
    }
    return { accelerator, price, cost: weightedPrice(price, scale, weightsOf(task)) };
  } catch (error) {
    if (error instanceof ConfigError) return { accelerator, failure: error.message };
    throw error;
  }
}

/** Of what is sought. */
export function weightsOf({
  objectives,
  space,
}: Pick<AccelerateTask, 'objectives' | 'space'>): PriceScale {
  const { latencyS, dynamicJ, leakageJ, areaMm2 } = publishedWeights(space);
  const [isFast, isFrugal, isSmall] = OBJECTIVES.map((one) => Number(objectives.includes(one)));
  return {
    ...{ latencyS: latencyS * (isFast as number), areaMm2: areaMm2 * (isSmall as number) },
    ...{ dynamicJ: dynamicJ * (isFrugal as number), leakageJ: leakageJ * (isFrugal as number) },
  };
}

/** The logarithm, since the costs of a space span several powers of ten. */
function outcomeOf(
  candidate: number,
  { cost, price }: Evaluated,
  { maxPowerW }: AccelerateTask,
): Outcome {
  return {
    ...{ candidate, values: cost === undefined ? [] : [-Math.log(cost)] },
    ...(maxPowerW !== undefined && price && { constraints: [price.powerW / maxPowerW - 1] }),
  };
}
