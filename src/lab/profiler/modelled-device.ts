// What a device that is not at hand would take, from what is known of it and from what this machine was timed at. A model,
// and said to be one wherever it goes.
import type { Device } from './devices/device.ts';
import { networkBytes, recordNetwork } from './network.ts';
import type { OpTiming } from './op-table.ts';
import type { Estimate, Predictor } from './predicted.ts';
import { workOf } from './work.ts';
import { fitRates, secondsOf } from './work-rates.ts';

/** The machine whose operations were timed. */
export interface TimedMachine {
  readonly clockHz: number;
  readonly flopsPerClock: number;
  readonly copyBytesPerS: number;
  readonly ops: readonly OpTiming[];
}

/** Spread of a modelled figure, in parts of it: an assumption, for there was no device to hold it against. */
const SPREAD = 0.5;

/**
 * Latency: arithmetic is dearer by the ratio of peaks, memory by that of copying, calls by that of clocks. Power as in
 * `modelledPower`. Not p95, which no figure tells.
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
 * One core at work, the others idle: P_idle + (P_busy - P_idle) / cores, for as long as the inference takes. The energy is
 * all that the board takes meanwhile. Nothing where no source has the power of the device.
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
