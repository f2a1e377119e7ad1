// What one inference of a network costs on a device.
import { ConfigError } from '../../core/errors.ts';
import type { Measurement } from '../../lab/profiler/profile.ts';
import type { Limits, Weights } from './settings.ts';

/** Absent = unknown. */
export interface Costs {
  /** Median and 95th percentile, seconds. */
  readonly p50S: number;
  readonly p95S: number;
  readonly energyJ?: number | undefined;
  readonly peakPowerW?: number | undefined;
  /** Of weights and values in the engine. */
  readonly memoryBytes: number;
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
}

const HEADROOM = 2;

/** Quantities that only some know are left out, for then networks could not be compared by them. */
export function scaleOf(costs: readonly Costs[]): Scale {
  const { p50S, energyJ, peakPowerW } = outermost(costs, Math.max);
  const twice = (value: number | undefined) => (value === undefined ? undefined : HEADROOM * value);
  return {
    latencyS: HEADROOM * p50S,
    energyJ: twice(energyJ),
    peakPowerW: twice(peakPowerW),
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

/** Lower is better, each of the same unit for all candidates: what a front is sought in. */
export function objectivesOf(accuracy: number, costs: Costs, scale: Scale): readonly number[] {
  const parts = [
    left(costs.p50S, scale.latencyS),
    left(costs.energyJ, scale.energyJ),
    left(costs.peakPowerW, scale.peakPowerW),
  ];
  return [accuracy, ...parts].flatMap((part) => (part === undefined ? [] : 1 - part));
}

/** What is over its limit, in words; none where the candidate may be taken. A cost that is not known breaks its limit. */
export function breachesOf(costs: Costs, limits: Limits): readonly string[] {
  return BOUNDS.flatMap(({ limit, cost, name, words }) => {
    const most = limits[limit];
    const found = costs[cost];
    if (most === undefined) return [];
    if (found === undefined) return `${name} is not known`;
    return found <= most ? [] : `${name} ${words(found)} exceeds ${words(most)}`;
  });
}

/** Throws `ConfigError` where a limit is on something that is not known of a device. */
export function requireKnown(device: string, costs: Costs, limits: Limits): void {
  for (const { limit, cost, name } of BOUNDS) {
    if (limits[limit] === undefined || costs[cost] !== undefined) continue;
    throw new ConfigError(
      `nothing is known of the ${name} of ${device}: profile it with a meter, or drop that limit`,
      { code: 'SEN_CFG_PROFILE_GAPS' },
    );
  }
}

const BOUNDS = [
  { limit: 'latencyS', cost: 'p95S', name: 'latency', words: duration },
  {
    limit: 'energyJ',
    cost: 'energyJ',
    name: 'energy',
    words: (j: number) => `${short(j * 1000)} mJ`,
  },
  {
    limit: 'peakPowerW',
    cost: 'peakPowerW',
    name: 'peak power',
    words: (w: number) => `${short(w)} W`,
  },
  {
    limit: 'memoryBytes',
    cost: 'memoryBytes',
    name: 'memory',
    words: (bytes: number) => `${short(bytes / 1024)} KB`,
  },
] as const;

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
