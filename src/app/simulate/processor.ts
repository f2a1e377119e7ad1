// A network on the processor of a profile: rates of its kinds of work are fitted to the networks that were measured, and how well
// they predict is tested on networks held out.
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../../core/errors.ts';
import type { Points } from '../../engine/regression/regressor.ts';
import { median, rankCorrelation } from '../../engine/statistics.ts';
import { FOLDS, heldOut, onLogarithms } from '../../lab/profiler/choose-regressor.ts';
import type { Profile } from '../../lab/profiler/profile.ts';
import { ratesOf, sumOfParts } from '../../lab/profiler/sum-of-parts.ts';
import type { Work } from '../../lab/simulator/lowering/graph.ts';
import { networkOfShape } from '../../lab/simulator/networks.ts';
import { countsOf, WORK } from '../../lab/simulator/processor.ts';

/** Predictions of networks that were left out of the fit are sure with such a rank correlation, and at most such an error. */
export const SURE = { spearman: 0.9, medianError: 0.2 } as const;

export interface HeldOut {
  readonly networks: number;
  /** Of predicted and measured latencies. */
  readonly spearman: number;
  /** Of |predicted - measured| / measured. */
  readonly medianError: number;
  readonly isSure: boolean;
}

export interface Processor {
  readonly device: Profile['device'];
  /** Seconds of one unit of each kind of `WORK`. */
  readonly rates: readonly number[];
  /** Greatest count of each in a network of the profile. */
  readonly most: readonly number[];
  readonly heldOut: HeldOut;
}

/** Throws `ConfigError` for a profile of too few networks. `path` is for the message. */
export function processorOf({ device, measurements, seed }: Profile, path: string): Processor {
  if (measurements.length < FOLDS) {
    throw new ConfigError(
      `${path} has ${measurements.length} networks, expected ${FOLDS} or more, of which some are held out: run \`sentigon profile\` with a greater --most`,
      { code: 'SEN_CFG_PROFILE_FEW' },
    );
  }
  const counts = measurements.map(({ network }) => [
    ...countsOf(networkOfShape(network, path, 1).work('inference')),
  ]);
  const times = Float64Array.from(measurements, ({ p50S }) => p50S);
  return {
    device,
    rates: ratesOf(counts, times),
    most: WORK.map((_, kind) => Math.max(...counts.map((row) => row[kind] as number))),
    heldOut: heldOutOf(
      { values: Float64Array.from(counts.flat()), width: WORK.length },
      times,
      seed,
    ),
  };
}

/** Each network is predicted by rates that were fitted without it. */
function heldOutOf(points: Points, times: Float64Array, seed: number): HeldOut {
  return agreementOf(heldOut(onLogarithms(sumOfParts), points, times, seed), times);
}

/** Of predicted and measured times of networks that the rates were not fitted to. */
export function agreementOf(predicted: ArrayLike<number>, times: Float64Array): HeldOut {
  const spearman = rankCorrelation(Array.from(predicted), [...times]);
  const medianError = median(times.map((time, i) => Math.abs((predicted[i] as number) / time - 1)));
  const isSure = spearman >= SURE.spearman && medianError <= SURE.medianError;
  return { networks: times.length, spearman, medianError, isSure };
}

export const PROCESSOR_FORMAT = 'sentigon-processor-simulation/1';

/** As `--json` prints it. */
export interface ProcessorSimulation {
  readonly format: typeof PROCESSOR_FORMAT;
  readonly simulated: true;
  readonly network: string;
  readonly windows: number;
  readonly device: string;
  /** Of all windows together. */
  readonly latencyS: number;
  readonly parts: readonly {
    readonly work: string;
    readonly unit: string;
    readonly count: number;
    readonly rateS: number;
    readonly latencyS: number;
    /** Count over the greatest in a network of the profile. */
    readonly reach: number;
  }[];
  readonly heldOut: HeldOut;
  /** Of one window of this very network, where the profile has it. */
  readonly measuredS?: number;
}

/** Throws `ConfigError` for a kind of work that no network of the profile has. */
export function onProcessor(
  network: { readonly name: string; readonly windows: number },
  work: Work,
  { device, rates, most, heldOut: tested }: Processor,
): ProcessorSimulation {
  const parts = countsOf(work).map((count, kind) => {
    const { name, unit } = WORK[kind] as (typeof WORK)[number];
    const [rateS, greatest] = [rates[kind] as number, most[kind] as number];
    if (count > 0 && greatest === 0) {
      throw new ConfigError(
        `no network of the profile has ${name}, which ${network.name} has: profile that device with networks like this one`,
        { code: 'SEN_CFG_PROFILE_GAPS' },
      );
    }
    const reach = count === 0 ? 0 : count / greatest;
    return { work: name, unit, count, rateS, latencyS: count * rateS, reach };
  });
  return {
    ...{ format: PROCESSOR_FORMAT, simulated: true, network: network.name },
    ...{ windows: network.windows, device: device.kind, parts, heldOut: tested },
    latencyS: parts.reduce((sum, { latencyS }) => sum + latencyS, 0),
  };
}

/** The latency of this very network in a profile; undefined where it was not measured. */
export function measuredIn({ measurements }: Profile, design: unknown) {
  return measurements.find(({ network }) => isDeepStrictEqual(network, design));
}
