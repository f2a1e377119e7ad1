// Models the cost on a device that is not available, from its published figures and the timings of this machine. All results
// are marked as modelled.
//
// Notation   t = sum over families of macs a + bytes b + calls c, with no rate below 0

import { networkFamilies } from '../../models/network-family.ts';
import type { Device } from './devices.ts';
import { networkBytes, recordNetwork } from './network.ts';
import type { OpTiming } from './op-table.ts';
import type { Estimate, Predictor } from './profile.ts';
import { ratesOf } from './sum-of-parts.ts';
import { macsByRate, PROJECTION, type Work, workOf } from './work.ts';

/** The machine whose operations were timed. */
export interface TimedMachine {
  readonly clockHz: number;
  readonly flopsPerClock: number;
  readonly copyBytesPerS: number;
  readonly ops: readonly OpTiming[];
}

/** Spread of a modelled figure, in parts of it: an assumption, since no device was available to check it. */
const SPREAD = 0.5;

/**
 * Latency: the cost of arithmetic scales by the ratio of peak rates, of memory by that of copying, of calls by that of clocks.
 * Power as in `modelledPower`. There is no p95, because no published figure predicts it.
 */
export function modelledPredictor(device: Device, machine: TimedMachine): Predictor {
  const rates = fitRates(machine.ops);
  const clocks = machine.clockHz / device.clockHz.value;
  const factors = {
    arithmetic: (clocks * machine.flopsPerClock) / device.flopsPerClock.value,
    memory: machine.copyBytesPerS / device.copyBytesPerS.value,
    calls: clocks,
  };
  const figures = [device.flopsPerClock, device.clockHz, device.copyBytesPerS];
  const source = `operations timed here, scaled by ${figures.map((known) => known.source).join('; ')}`;
  return {
    predict: (designs) =>
      designs.map(({ network }) => {
        const seconds = secondsOf(workOf(network), rates, factors);
        return {
          p50S: modelled(seconds, source),
          ...modelledPower(device, seconds),
          memoryBytes: networkBytes(recordNetwork(network)),
        };
      }),
  };
}

/**
 * One core at work, the others idle: P_idle + (P_busy - P_idle) / cores, for the duration of the inference. The energy is
 * that of the whole board. Nothing if the table lacks the power of the device.
 */
export function modelledPower(
  { cores, idlePowerW, busyPowerW }: Device,
  latencyS: number,
): { readonly energyJ?: Estimate; readonly peakPowerW?: Estimate } {
  if (!idlePowerW || !busyPowerW) return {};
  const powerW = idlePowerW.value + (busyPowerW.value - idlePowerW.value) / cores.value;
  const source = `one core of ${cores.value}: idle ${idlePowerW.source}; busy ${busyPowerW.source}`;
  return { energyJ: modelled(powerW * latencyS, source), peakPowerW: modelled(powerW, source) };
}

function modelled(mean: number, source: string): Estimate {
  return { mean, aleatoric: 0, epistemic: SPREAD * mean, modelled: source };
}

/** Seconds of one multiplication, by family of operations; of one byte, and of one call. */
interface WorkRates {
  readonly perMac: Readonly<Record<string, number>>;
  readonly perByte: number;
  readonly perCall: number;
}

const RATES: readonly string[] = [
  ...new Set([
    ...[...networkFamilies.values()].flatMap(({ operations }) =>
      operations.map(({ rate }) => rate),
    ),
    PROJECTION,
  ]),
];

/**
 * Fits the rates by least squares of relative errors. Departs from the roofline max(arithmetic, memory): uses the sum, whose
 * rates can be found from times alone.
 */
export function fitRates(timings: readonly OpTiming[]): WorkRates {
  const parts = timings.map(({ family, macs, bytes, calls }) => [
    ...RATES.map((name) => (name === family ? macs : 0)),
    ...[bytes, calls],
  ]);
  const rates = ratesOf(
    parts,
    timings.map(({ p50S }) => p50S),
  );
  return {
    perMac: Object.fromEntries(RATES.map((name, i) => [name, rates[i] as number])),
    perByte: rates[RATES.length] as number,
    perCall: rates[RATES.length + 1] as number,
  };
}

/** Seconds; each part of the work may be scaled by a factor, e.g. for another machine. */
export function secondsOf(
  work: Work,
  { perMac, perByte, perCall }: WorkRates,
  { arithmetic = 1, memory = 1, calls = 1 } = {},
): number {
  const products = [...macsByRate(work)].reduce(
    (sum, [rate, macs]) => sum + macs * (perMac[rate] ?? 0),
    0,
  );
  return arithmetic * products + memory * work.bytes * perByte + calls * work.calls * perCall;
}
