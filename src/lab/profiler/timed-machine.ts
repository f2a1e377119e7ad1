// This machine as a model of another one needs to know it.
import { DeviceError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { deviceFacts } from './device-facts.ts';
import { devices } from './devices/index.ts';
import { numberOf, type ProfilerHost, textOf } from './host.ts';
import type { TimedMachine } from './modelled-device.ts';
import { BRISK, measureOps } from './op-table.ts';
import { type TimingOptions, timed, warmUp } from './timing.ts';

/** More than any cache of the devices has. */
const COPIED_BYTES = 32 * 2 ** 20;

/**
 * Times the operations and the memory of this machine, some seconds. Throws `DeviceError` where its clock is unknown, or
 * what it does in one; rejects with the signal's reason once it is aborted.
 */
export async function timeThisMachine(
  kernels: Kernels,
  host: ProfilerHost,
  signal: AbortSignal,
  timing: TimingOptions = BRISK,
): Promise<TimedMachine> {
  const { kind, model } = deviceFacts(host);
  const flopsPerClock = devices.get(kind)?.flopsPerClock.value;
  const clockHz = clockOf(host);
  if (flopsPerClock === undefined || clockHz === undefined) {
    throw new DeviceError(
      `other devices cannot be modelled on this one (${model}): its clock or its kind is unknown; measure them`,
    );
  }
  return {
    clockHz,
    flopsPerClock,
    copyBytesPerS: await copySpeed(timing, signal),
    ops: await measureOps(kernels, signal, timing),
  };
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
