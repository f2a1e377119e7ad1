// A meter that says what the power is whenever it is asked.
import { DeviceError } from '../../../core/errors.ts';
import type { ProfilerHost } from '../host.ts';
import type { Meter } from './meter.ts';
import { polled } from './polling.ts';
import { type PowerSample, traceOf } from './power-trace.ts';

export interface PowerReader extends Omit<Meter, 'start'> {
  /** Watts now; undefined where the meter does not answer. */
  read(): Promise<number | undefined> | number | undefined;
}

/** Ten a second: an INA219 has a new value each half millisecond, and reading it by I2C takes no longer. */
export const POLL_MS = 100;

export function polledMeter(
  { read, ...identity }: PowerReader,
  { nowMs }: Pick<ProfilerHost, 'nowMs'>,
  everyMs = POLL_MS,
): Meter {
  return {
    ...identity,
    start() {
      const samples: PowerSample[] = [];
      const startMs = nowMs();
      const stop = polled(async () => {
        const powerW = await read();
        if (powerW === undefined) throw lostMeter(identity);
        samples.push({ timeMs: nowMs(), powerW });
      }, everyMs);
      return {
        async stop() {
          await stop();
          return traceOf(samples, startMs, nowMs());
        },
      };
    },
  };
}

export function lostMeter({ kind, id }: Pick<Meter, 'kind' | 'id'>): DeviceError {
  return new DeviceError(
    `the meter ${kind} ${id} no longer answers: connect it again, or profile without a meter`,
  );
}
