// What one inference of a network costs on a device.
import { ConfigError } from '../../core/errors.ts';
import type { Measurement } from '../../lab/profiler/profile.ts';
import type { Limits, ObjectiveName, Weights } from './settings.ts';

/** Absent = unknown. */
export interface Costs {
  /** Median and 95th percentile, seconds. */
  readonly p50S: number;
  readonly p95S: number;
  readonly energyJ?: number | undefined;
  readonly peakPowerW?: number | undefined;
  /** Of weights and values in the engine; on an accelerator, of what lies in its main memory before. */
  readonly memoryBytes: number;
  /** Of an accelerator, where `energyJ` is that of its work alone. */
  readonly leakageJ?: number | undefined;
  readonly areaMm2?: number | undefined;
  /** All of them come from the simulator. */
  readonly simulated?: true | undefined;
  /** Windows of training that time and energy are of; absent = one inference. */
  readonly epoch?: number | undefined;
  /** Costs that were modelled, not measured on such a device. */
  readonly modelled?: readonly string[] | undefined;
}

export function costsMeasured({ p50S, p95S, memoryBytes, energy }: Measurement): Costs {
  return { p50S, p95S, memoryBytes, energyJ: energy?.totalJ, peakPowerW: energy?.peakPowerW };
}

/** Where the terms of the performance reach 0: twice the greatest cost known, ProTran's rule. */
export interface Scale {
  readonly latencyS: number;
  readonly energyJ?: number | undefined;
  readonly peakPowerW?: number | undefined;
  /** Absent in searches that began before memory was an objective. */
  readonly memoryBytes?: number | undefined;
  readonly leakageJ?: number | undefined;
  readonly areaMm2?: number | undefined;
}

const HEADROOM = 2;

/** Quantities that only some know are left out, for then networks could not be compared by them. */
export function scaleOf(costs: readonly Costs[]): Scale {
  const { p50S, energyJ, peakPowerW, memoryBytes } = outermost(costs, Math.max);
  const twice = (value: number | undefined) => (value === undefined ? undefined : HEADROOM * value);
  return {
    latencyS: HEADROOM * p50S,
    energyJ: twice(energyJ),
    peakPowerW: twice(peakPowerW),
    memoryBytes: HEADROOM * memoryBytes,
  };
}

/** The least of each, over all networks. */
export function leastOf(costs: readonly Costs[]): Costs {
  return outermost(costs, Math.min);
}

function outermost(costs: readonly Costs[], further: (a: number, b: number) => number): Costs {
  const either = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : further(a, b);
  return costs.reduce((a, b) => ({
    p50S: further(a.p50S, b.p50S),
    p95S: further(a.p95S, b.p95S),
    energyJ: either(a.energyJ, b.energyJ),
    peakPowerW: either(a.peakPowerW, b.peakPowerW),
    memoryBytes: further(a.memoryBytes, b.memoryBytes),
  }));
}

/**
 * Weighted mean of the accuracy and of what is left of each cost's scale; 1 is the best there could be. Terms that are
 * not known are left out, and their weights with them.
 * Tuli and Jha 2024, "EdgeTran", run_codesign: .5 accuracy + .2 (1 - latency) + .2 (1 - energy) + .1 (1 - peak power).
 */
export function performanceOf(
  accuracy: number,
  costs: Costs,
  scale: Scale,
  weights: Weights,
): number {
  const terms = [
    [weights.accuracy, accuracy],
    [weights.latency, left(costs.p50S, scale.latencyS)],
    [weights.energy, left(costs.energyJ, scale.energyJ)],
    [weights.peakPower, left(costs.peakPowerW, scale.peakPowerW)],
    [weights.leakage, left(costs.leakageJ, scale.leakageJ)],
    [weights.area, left(costs.areaMm2, scale.areaMm2)],
  ] as const;
  let sum = 0;
  let total = 0;
  for (const [weight, value] of terms) {
    if (value === undefined) continue;
    sum += weight * value;
    total += weight;
  }
  if (total > 0) return sum / total;
  throw new ConfigError(
    'all that has a weight is unknown: measure it, or give --weights to what is',
    { code: 'SEN_CFG_SEARCH_WEIGHTS' },
  );
}

/**
 * Lower is better, each in parts of its scale: what a front is sought in. `names` are the objectives, in this order; without
 * them, accuracy and all costs that have a scale.
 */
export function objectivesOf(
  accuracy: number,
  costs: Costs,
  scale: Scale,
  names?: readonly ObjectiveName[],
): readonly number[] {
  const all = new Map<ObjectiveName, number | undefined>([['accuracy', 1 - accuracy]]);
  for (const { objective, typical, scale: most } of QUANTITIES) {
    const share = left(costs[typical], scale[most]);
    all.set(objective, share === undefined ? undefined : 1 - share);
  }
  return (names ?? [...all.keys()]).flatMap((name) => all.get(name) ?? []);
}

/** Of a network that does not fit into the buffers of an accelerator: what it would cost is not known. */
export const UNFIT: Costs = {
  ...{ p50S: Number.MAX_VALUE, p95S: Number.MAX_VALUE, memoryBytes: Number.MAX_VALUE },
  simulated: true,
};

function knownOf(costs: Costs, cost: Quantity['cost']): number | undefined {
  const value = costs[cost];
  return value === Number.MAX_VALUE ? undefined : value;
}

/**
 * By how much a limit is broken, in parts of it; 0 and below = kept. One for each limit that there is. Undefined where a cost
 * that has a limit is not known.
 */
export function constraintsOf(costs: Costs, limits: Limits): readonly number[] | undefined {
  const limited = QUANTITIES.filter(({ limit }) => limits[limit] !== undefined);
  const found = limited.flatMap(({ limit, cost }) => {
    const value = knownOf(costs, cost);
    return value === undefined ? [] : value / (limits[limit] as number) - 1;
  });
  return found.length === limited.length ? found : undefined;
}

/** What is over its limit, in words; none where the candidate may be taken. A cost that is not known breaks its limit. */
export function breachesOf(costs: Costs, limits: Limits): readonly string[] {
  return QUANTITIES.flatMap(({ limit, cost, name, words }) => {
    const most = limits[limit];
    const found = costs[cost];
    if (most === undefined) return [];
    if (found === undefined) return `${name} is not known`;
    return found <= most ? [] : `${name} ${words(found)} exceeds ${words(most)}`;
  });
}

/** Throws `ConfigError` where a limit or an objective is on something that is not known of a device. */
export function requireKnown(
  device: string,
  costs: Costs,
  {
    limits,
    objectives = [],
  }: { limits: Limits; objectives?: readonly ObjectiveName[] | undefined },
): void {
  for (const { objective, limit, cost, name } of QUANTITIES) {
    if (costs[cost] !== undefined) continue;
    const isSought = objectives.includes(objective);
    if (limits[limit] === undefined && !isSought) continue;
    throw new ConfigError(
      `nothing is known of the ${name} of ${device}: profile it with a meter, or ${isSought ? `leave ${objective} out of --objectives` : 'drop that limit'}`,
      { code: 'SEN_CFG_PROFILE_GAPS' },
    );
  }
}

/** One of the costs. */
interface Quantity {
  readonly objective: Exclude<ObjectiveName, 'accuracy'>;
  readonly name: string;
  words(value: number): string;
  /** Of an axis: a value times `factor` is in the unit. */
  readonly unit: string;
  readonly factor: number;
  /** What is compared, and what is limited: of latencies a usual one and a slow one. */
  readonly typical: Exclude<keyof Costs, 'modelled' | 'simulated' | 'epoch'>;
  readonly cost: Exclude<keyof Costs, 'modelled' | 'simulated' | 'epoch'>;
  readonly limit: keyof Limits;
  readonly scale: keyof Scale;
}

export const QUANTITIES: readonly Quantity[] = [
  {
    objective: 'latency',
    name: 'latency',
    words: duration,
    unit: 'ms',
    factor: 1e3,
    typical: 'p50S',
    cost: 'p95S',
    limit: 'latencyS',
    scale: 'latencyS',
  },
  {
    objective: 'energy',
    name: 'energy',
    words: (joules) => `${short(joules * 1000)} mJ`,
    unit: 'mJ',
    factor: 1e3,
    typical: 'energyJ',
    cost: 'energyJ',
    limit: 'energyJ',
    scale: 'energyJ',
  },
  {
    objective: 'peakPower',
    name: 'peak power',
    words: (watts) => `${short(watts)} W`,
    unit: 'W',
    factor: 1,
    typical: 'peakPowerW',
    cost: 'peakPowerW',
    limit: 'peakPowerW',
    scale: 'peakPowerW',
  },
  {
    objective: 'memory',
    name: 'memory',
    words: (bytes) => `${short(bytes / 1024)} KB`,
    unit: 'KB',
    factor: 1 / 1024,
    typical: 'memoryBytes',
    cost: 'memoryBytes',
    limit: 'memoryBytes',
    scale: 'memoryBytes',
  },
  {
    objective: 'leakage',
    name: 'leakage',
    words: (joules) => `${short(joules * 1000)} mJ`,
    unit: 'mJ',
    factor: 1e3,
    typical: 'leakageJ',
    cost: 'leakageJ',
    limit: 'leakageJ',
    scale: 'leakageJ',
  },
  {
    objective: 'area',
    name: 'area',
    words: (mm2) => `${short(mm2)} mm2`,
    unit: 'mm2',
    factor: 1,
    typical: 'areaMm2',
    cost: 'areaMm2',
    limit: 'areaMm2',
    scale: 'areaMm2',
  },
];

/** In words; `~` before what was modelled, `-` for what is not known. */
export function objectiveText(
  objective: ObjectiveName,
  accuracy: number | undefined,
  costs: Costs,
): string {
  if (objective === 'accuracy') return accuracy?.toFixed(3) ?? '-';
  const quantity = QUANTITIES.find((one) => one.objective === objective);
  const value = quantity && knownOf(costs, quantity.typical);
  if (!quantity || value === undefined) return '-';
  return `${costs.modelled?.includes(quantity.name) ? '~' : ''}${quantity.words(value)}`;
}

/** Share of the scale that a cost leaves; below 0 where it is beyond it. */
function left(cost: number | undefined, most: number | undefined): number | undefined {
  return cost === undefined || most === undefined ? undefined : 1 - cost / most;
}

export function duration(seconds: number): string {
  return seconds < 1e-3 ? `${short(seconds * 1e6)} us` : `${short(seconds * 1e3)} ms`;
}

export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
