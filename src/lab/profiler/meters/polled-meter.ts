// A meter that is polled for its current power, and the energy of its readings.
import { DeviceError } from '../../../core/errors.ts';
import type { ProfilerHost } from '../host.ts';
import type { Meter, PowerTrace } from './meter.ts';

interface PowerReader extends Omit<Meter, 'start'> {
  /** Watts now; undefined if the meter does not answer. */
  read(): Promise<number | undefined> | number | undefined;
}

/** Ten a second: an INA219 has a new value each half millisecond, and reading it over I2C takes no longer. */
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
    { code: 'SEN_DEV_METER' },
  );
}

export interface PowerSample {
  readonly timeMs: number;
  readonly powerW: number;
}

/**
 * Energy between two times by the trapezoid rule, as in ProTran. At both ends the power is interpolated between the adjacent
 * samples, or that of the nearest sample. Undefined with fewer than two samples between the times.
 */
export function traceOf(
  samples: readonly PowerSample[],
  fromMs: number,
  toMs: number,
): PowerTrace | undefined {
  const inside = samples.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
  if (inside.length < 2 || toMs <= fromMs) return undefined;
  const line = [
    { timeMs: fromMs, powerW: powerAt(samples, fromMs) },
    ...inside,
    { timeMs: toMs, powerW: powerAt(samples, toMs) },
  ];
  let energyJ = 0;
  for (const [i, { timeMs, powerW }] of line.slice(1).entries()) {
    const before = line[i] as PowerSample;
    energyJ += ((timeMs - before.timeMs) / 1000) * ((powerW + before.powerW) / 2);
  }
  return {
    energyJ,
    peakPowerW: inside.reduce((most, { powerW }) => Math.max(most, powerW), 0),
    seconds: (toMs - fromMs) / 1000,
    samples: inside.length,
  };
}

function powerAt(samples: readonly PowerSample[], timeMs: number): number {
  const before = samples.findLast((sample) => sample.timeMs <= timeMs);
  const after = samples.find((sample) => sample.timeMs >= timeMs);
  if (!before || !after) return (before ?? after)?.powerW ?? 0;
  const apart = after.timeMs - before.timeMs;
  if (apart === 0) return before.powerW;
  const share = (timeMs - before.timeMs) / apart;
  return before.powerW + share * (after.powerW - before.powerW);
}

/**
 * Calls `read` now, then repeatedly with a pause in milliseconds after each answer, and once more when the returned function is
 * called. That function rejects with the error of `read`; after an error, `read` is not called again.
 */
export function polled(read: () => Promise<void> | void, everyMs: number): () => Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    if (failure) return;
    try {
      await read();
    } catch (error) {
      failure = { error };
    }
  };
  const round = async (): Promise<void> => {
    await attempt();
    if (!stopped && !failure) {
      timer = setTimeout(() => {
        running = round();
      }, everyMs);
    }
  };
  let running = round();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
    await attempt();
    if (failure) throw failure.error;
  };
}
