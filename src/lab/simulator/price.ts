// What a network costs on an accelerator in a few numbers, to compare accelerators by; and which accelerators can run it at all.
import { ConfigError } from '../../core/errors.ts';
import { quantile } from '../../engine/statistics.ts';
import type { Accelerator } from './accelerator.ts';
import { areaMm2 } from './hardware.ts';
import type { KindName } from './kind.ts';
import type { Work } from './lowering/graph.ts';
import { CLOCK_HZ, MEMORIES } from './modules.ts';
import { costsOf, type SimulationOptions } from './simulate.ts';
import { type AcceleratorSpace, kindNameOf } from './space.ts';

/** Simulated. Of one window: all windows that are computed together divide time and energy. */
export interface Price {
  readonly latencyS: number;
  readonly dynamicJ: number;
  /** Without main memory where its standby power is not published: see `lacksFigures`. */
  readonly leakageJ: number;
  readonly areaMm2: number;
  /** Mean while it works, watts. */
  readonly powerW: number;
}

/** Throws `ConfigError` where the network does not fit into the buffers. */
export function priceOf(
  work: Work,
  accelerator: Accelerator,
  windows: number,
  options: SimulationOptions,
): Price {
  const { cycles, dynamicJ, leakageJ } = costsOf(work, accelerator, options);
  const latencyS = cycles / CLOCK_HZ;
  return {
    latencyS: latencyS / windows,
    dynamicJ: dynamicJ / windows,
    leakageJ: leakageJ / windows,
    areaMm2: areaMm2(accelerator, options.mode === 'training'),
    powerW: (dynamicJ + leakageJ) / latencyS,
  };
}

/** The work of a network for as many windows as an accelerator takes together; each number of them is prepared once. */
export function preparedOnce(workOf: (windows: number) => Work): (windows: number) => Work {
  const works = new Map<number, Work>();
  return (windows) => {
    const work = works.get(windows) ?? workOf(windows);
    works.set(windows, work);
    return work;
  };
}

/** Whether the energy of an accelerator lacks the standby of its main memory, so that it cannot be compared with others. */
export function lacksFigures({ memory }: Pick<Accelerator, 'memory'>): boolean {
  return MEMORIES[memory].standbyMw === undefined;
}

/** Of a memory's `leavesOut`: what the leakage lacks, in words. */
export function withoutStandby(leavesOut: string): string {
  return `without ${leavesOut}, whose standby is not published`;
}

/** What a lane with a ReLU computes, which only compares; the published lane with a GeLU stands for all other functions. */
const COMPARISONS: ReadonlySet<string> = new Set(['relu', 'leaky-relu']);

/** Of some functions one that lanes with a ReLU do not compute; undefined = there is none. */
export function smoothOf(functions: readonly string[]): string | undefined {
  return functions.find((computes) => !COMPARISONS.has(computes));
}

export function smoothFunctionOf({ operations }: Work): string | undefined {
  return smoothOf(operations.flatMap((one) => ('computes' in one ? (one.computes ?? []) : [])));
}

/** Throws `ConfigError` where the lanes of the accelerator do not compute a function of the network. */
export function requireFunctions(work: Work, { name, nonLinearity }: Accelerator): void {
  const smooth = smoothFunctionOf(work);
  if (nonLinearity === 'gelu' || smooth === undefined) return;
  throw new ConfigError(
    `the network has a ${smooth}, which the relu lanes of ${name} do not compute: take an accelerator whose nonLinearity is gelu`,
    { code: 'SEN_CFG_SIMULATION' },
  );
}

/** Windows of an epoch of training, in rows without gaps; `windowLength` counts the rows that are forecast, too. */
export function epochWindows(rows: number, windowLength: number): number {
  return Math.max(1, rows - windowLength + 1);
}

/** Costs by which accelerators are chosen. */
export const PRICED = ['latencyS', 'dynamicJ', 'leakageJ', 'areaMm2'] as const;

export type PriceScale = Readonly<Record<(typeof PRICED)[number], number>>;

/** Of the accuracy, and of the costs. */
interface PairWeights extends PriceScale {
  readonly accuracy: number;
}

/** Not the greatest: a few accelerators are a hundred times dearer than the rest. */
const QUANTILE = 0.95;

/** What counts as 1 of each cost. */
export function scaleFrom(prices: readonly Price[]): PriceScale {
  const at = (cost: (typeof PRICED)[number]): number =>
    quantile(
      prices.map((price) => price[cost]),
      QUANTILE,
    );
  return {
    ...{ latencyS: at('latencyS'), dynamicJ: at('dynamicJ') },
    ...{ leakageJ: at('leakageJ'), areaMm2: at('areaMm2') },
  };
}

/** By which the papers choose. */
const PUBLISHED_WEIGHTS: Readonly<Record<KindName, PairWeights>> = {
  // Tuli and Jha 2023, "TransCODE: co-design of transformers and accelerators for efficient training and inference".
  tiled: { accuracy: 0.5, latencyS: 0.1, dynamicJ: 0.2, leakageJ: 0.1, areaMm2: 0.1 },
  // Tuli et al. 2023, "CODEBench"; jha-lab/codebench, run_boshcode.py.
  unrolled: { accuracy: 0.2, latencyS: 0.2, dynamicJ: 0.2, leakageJ: 0.3, areaMm2: 0.1 },
};

/** Those of the kind that the accelerators of a space are of. */
export function publishedWeights(space: AcceleratorSpace): PairWeights {
  return PUBLISHED_WEIGHTS[kindNameOf(space)];
}

/** Weighted mean of the costs, each in parts of its scale; lower is better. */
export function weightedPrice(price: Price, scale: PriceScale, weights: PriceScale): number {
  const sum = PRICED.reduce((all, cost) => all + weights[cost], 0);
  return PRICED.reduce((all, cost) => all + (weights[cost] * price[cost]) / scale[cost], 0) / sum;
}
