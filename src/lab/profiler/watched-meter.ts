// A meter while networks are measured: idle power first, then the energy of each; when it goes, the rest has none.
import { setTimeout as pause } from 'node:timers/promises';
import { DeviceError } from '../../core/errors.ts';
import type { Meter, PowerTrace } from './meters/meter.ts';
import type { Measurement, ProfiledMeter } from './profile.ts';

/** How long idle power is measured, milliseconds. */
const IDLE_MS = 3000;

export interface WatchedMeter {
  /** Begins a reading. What is returned ends it; its result is undefined where there is none. */
  start(): () => Promise<PowerTrace | undefined>;
  /** One inference of `runs`. undefined where the meter saw nothing. */
  energyOf(trace: PowerTrace | undefined, runs: number): Measurement['energy'];
  describe(): ProfiledMeter;
}

/** Throws `DeviceError` where the meter does not answer, and the signal's reason once that is aborted. */
export async function watched(
  meter: Meter,
  signal: AbortSignal,
  idleMs = IDLE_MS,
): Promise<WatchedMeter> {
  const idle = meter.start();
  await pause(idleMs, undefined, { signal });
  const quiet = await idle.stop();
  if (!quiet) {
    throw new DeviceError(
      `the meter ${meter.kind} ${meter.id} gave too few readings in ${idleMs / 1000} s: it has to give two or more a second`,
    );
  }
  const idlePowerW = quiet.energyJ / quiet.seconds;
  let lost: string | undefined;
  return {
    start() {
      const recording = lost === undefined ? meter.start() : undefined;
      return async () => {
        try {
          return await recording?.stop();
        } catch (error) {
          if (!(error instanceof DeviceError)) throw error;
          lost = error.message;
          return undefined;
        }
      };
    },
    energyOf(trace, runs) {
      if (!trace || trace.energyJ <= 0 || trace.peakPowerW <= 0) return undefined;
      const { energyJ, seconds, peakPowerW, samples } = trace;
      return {
        totalJ: energyJ / runs,
        aboveIdleJ: (energyJ - idlePowerW * seconds) / runs,
        peakPowerW,
        samples,
      };
    },
    describe() {
      const { kind, id, covers } = meter;
      return { kind, id, covers, idlePowerW, ...(lost !== undefined && { lost }) };
    },
  };
}
