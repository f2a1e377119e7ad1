// Reads a meter during measurements: first idle power, then the energy of each network. If the meter is lost, the remaining
// networks have no energy.
import { setTimeout as pause } from 'node:timers/promises';
import { DeviceError } from '../../core/errors.ts';
import type { Meter, PowerTrace, Recording } from './meters/meter.ts';
import type { Measurement, ProfiledMeter } from './profile.ts';

/** How long idle power is measured, milliseconds. */
const IDLE_MS = 3000;

export interface WatchedMeter {
  /** Starts a recording and returns the function that ends it; its result is undefined without readings. */
  start(): () => Promise<PowerTrace | undefined>;
  /** Energy of one inference of `runs`. Undefined if the meter saw nothing. */
  energyOf(trace: PowerTrace | undefined, runs: number): Measurement['energy'];
  describe(): ProfiledMeter;
}

/** Throws `DeviceError` if the meter does not answer, and the signal's reason once it is aborted. */
export async function watched(
  meter: Meter,
  signal: AbortSignal,
  idleMs = IDLE_MS,
): Promise<WatchedMeter> {
  const quiet = await readFor(idleMs, meter, signal);
  if (!quiet) {
    throw new DeviceError(
      `the meter ${meter.kind} ${meter.id} gave too few readings in ${idleMs / 1000} s: it must give two or more a second`,
      { code: 'SEN_DEV_METER' },
    );
  }
  const idlePowerW = quiet.energyJ / quiet.seconds;
  let lost: string | undefined;
  const loss = (error: unknown): undefined => {
    if (!(error instanceof DeviceError)) throw error;
    lost = error.message;
  };
  const started = (): Recording | undefined => {
    try {
      return lost === undefined ? meter.start() : undefined;
    } catch (error) {
      return loss(error);
    }
  };
  return {
    start() {
      const recording = started();
      return async () => {
        try {
          return await recording?.stop();
        } catch (error) {
          return loss(error);
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

/** Stops the recording on an abort too: a running recording keeps the process alive. */
async function readFor(
  ms: number,
  meter: Meter,
  signal: AbortSignal,
): Promise<PowerTrace | undefined> {
  const recording = meter.start();
  const stop = async () => recording.stop();
  await pause(ms, undefined, { signal }).catch(() => undefined); // an AbortError, which hides the reason
  if (!signal.aborted) return stop();
  await stop().catch(() => undefined); // nobody wants it any more
  throw signal.reason;
}
