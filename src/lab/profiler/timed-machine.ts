// This machine as a model of another one needs to know it.
import { DeviceError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { deviceFacts } from './device-facts.ts';
import { devices } from './devices/index.ts';
import { numberOf, type ProfilerHost, textOf } from './host.ts';
import type { TimedMachine } from './modelled-device.ts';
import { BRISK, measureOps } from './op-table.ts';
import { type TimingOptions, timed, warmUp } from './timing.ts';
import { createYardstick } from './yardstick.ts';

/** More than any cache of the devices has. */
const COPIED_BYTES = 32 * 2 ** 20;

/**
 * Times the operations and the memory of this machine, some seconds. Rejects with `DeviceError` where its clock is
 * unknown, or what it does in one; with the signal's reason once it is aborted.
 */
export async function timeThisMachine(
  kernels: Kernels,
  host: ProfilerHost,
  signal: AbortSignal,
  timing: TimingOptions = BRISK,
): Promise<TimedMachine> {
  const { kind, model } = deviceFacts(host);
  const flopsPerClock = devices.get(kind)?.flopsPerClock.value;
  if (flopsPerClock === undefined) {
    throw cannotModel(
      `is none of the devices that are known (${[...devices.keys()].join(', ')})`,
      model,
    );
  }
  const clockHz = clockOf(host);
  if (clockHz === undefined) throw cannotModel('does not tell its clock', model);
  return {
    clockHz,
    flopsPerClock,
    copyBytesPerS: await copySpeed(timing, signal),
    ops: await measureOps(kernels, signal, timing, createYardstick(kernels)),
  };
}

function cannotModel(why: string, model: string): DeviceError {
  return new DeviceError(
    `other devices are modelled from this one, but ${model} ${why}: run \`sentigon profile\` on them and name its files with --profile`,
  );
}

/** The highest that the governor allows; a virtual machine knows only what it runs at. */
function clockOf(host: ProfilerHost): number | undefined {
  const kiloHertz = numberOf(host, 'sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq');
  if (kiloHertz !== undefined) return kiloHertz * 1000;
  const megaHertz = /^cpu MHz\s*: ([\d.]+)/m.exec(textOf(host, 'proc/cpuinfo') ?? '')?.[1];
  return megaHertz === undefined ? undefined : Number(megaHertz) * 1e6;
}

async function copySpeed(timing: TimingOptions, signal: AbortSignal): Promise<number> {
  const from = new Uint8Array(COPIED_BYTES).fill(1);
  const to = new Uint8Array(COPIED_BYTES);
  const few = { ...timing, warmUpRuns: 2, leastRuns: 10 };
  const copy = (): void => to.set(from);
  await warmUp(copy, few, signal);
  const { p50S } = await timed(copy, few, signal);
  return COPIED_BYTES / p50S;
}
