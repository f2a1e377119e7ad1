// RAPL: counters of energy in processors by Intel and AMD, /sys/class/powercap
// (kernel Documentation/power/powercap/powercap.rst).
import { z } from 'zod';
import { namesIn, numberOf, type ProfilerHost, textOf } from '../host.ts';
import type { Meter, MeterPlugin, PowerTrace } from './meter.ts';
import { lostMeter, POLL_MS, polled } from './polled-meter.ts';

const FOLDER = 'sys/class/powercap';

/** A package. Its parts have one more number; the package includes them. */
const PACKAGE = /^intel-rapl:\d+$/;

const options = z.strictObject({});

export const rapl: MeterPlugin<z.infer<typeof options>> = {
  kind: 'rapl',
  summary: 'energy counters of the processor (Intel and AMD); only root can read them',
  options,
  detect: (_options, host) => {
    const zones = namesIn(host, FOLDER)
      .filter((name) => PACKAGE.test(name))
      .map((name) => `${FOLDER}/${name}`)
      .filter((zone) => numberOf(host, `${zone}/energy_uj`) !== undefined);
    return zones.length > 0 ? meterOf(zones, host) : undefined;
  },
};

function meterOf(zones: readonly string[], host: ProfilerHost): Meter {
  const identity = {
    kind: 'rapl',
    id: zones.map((zone) => textOf(host, `${zone}/name`) ?? zone).join('+'),
    covers: 'processor packages; without memory, disks and power supply',
  };
  return {
    ...identity,
    start() {
      const counters = zones.map((zone) => joulesOf(zone, host));
      const readings: EnergyReading[] = [];
      const stop = polled(() => {
        const joules = counters.map((counter) => counter());
        if (joules.includes(undefined)) throw lostMeter(identity);
        const sum = joules.reduce<number>((all, one) => all + (one ?? 0), 0);
        readings.push({ timeMs: host.nowMs(), energyJ: sum });
      }, POLL_MS);
      return {
        async stop() {
          await stop();
          return energyTrace(readings, POLL_MS / 2);
        },
      };
    },
  };
}

/** Joules since the first call; the counter wraps around at its range, every few minutes under load. */
function joulesOf(zone: string, host: ProfilerHost): () => number | undefined {
  const range = numberOf(host, `${zone}/max_energy_range_uj`) ?? 0;
  let last: number | undefined;
  let microJoules = 0;
  return () => {
    const now = numberOf(host, `${zone}/energy_uj`);
    if (now === undefined) return undefined;
    const step = now - (last ?? now);
    microJoules += step < 0 ? step + range : step;
    last = now;
    return microJoules / 1e6;
  };
}

interface EnergyReading {
  readonly timeMs: number;
  /** Since an arbitrary time. */
  readonly energyJ: number;
}

/**
 * Energy from the first reading to the last. The peak is the greatest mean power between two readings at least `leastMs`
 * apart: over shorter times the steps of the counter dominate. Undefined if no two readings are that far apart.
 */
export function energyTrace(
  readings: readonly EnergyReading[],
  leastMs: number,
): PowerTrace | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || last.timeMs - first.timeMs < leastMs) return undefined;
  let peakPowerW = 0;
  let from = first;
  for (const reading of readings) {
    if (reading.timeMs - from.timeMs < leastMs) continue;
    peakPowerW = Math.max(peakPowerW, meanPowerW(from, reading));
    from = reading;
  }
  return {
    energyJ: last.energyJ - first.energyJ,
    peakPowerW,
    seconds: (last.timeMs - first.timeMs) / 1000,
    samples: readings.length,
  };
}

function meanPowerW(from: EnergyReading, to: EnergyReading): number {
  return (to.energyJ - from.energyJ) / ((to.timeMs - from.timeMs) / 1000);
}
