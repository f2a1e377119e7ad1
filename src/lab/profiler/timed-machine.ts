// Times this machine as the basis for models of other devices.
import { DeviceError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { deviceFacts } from './device-facts.ts';
import { devices } from './devices.ts';
import { numberOf, type ProfilerHost, textOf } from './host.ts';
import type { TimedMachine } from './modelled-device.ts';
import { BRISK, measureOps } from './op-table.ts';
import { createYardstick, type TimingOptions, timed, warmUp } from './timing.ts';

/** Larger than any cache of the devices. */
const COPIED_BYTES = 32 * 2 ** 20;

/**
 * Times the operations and the memory of this machine; takes some seconds. Rejects with `DeviceError` if its clock rate or its
 * operations per clock are unknown; with the signal's reason once it is aborted.
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
    throw cannotModel(`is not a known device (${[...devices.keys()].join(', ')})`, model);
  }
  const clockHz = clockOf(host);
  if (clockHz === undefined) throw cannotModel('does not report its clock rate', model);
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
    { code: 'SEN_DEV_MACHINE_MODEL' },
  );
}

/** Highest clock rate that the governor allows; a virtual machine knows only the current one. */
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
