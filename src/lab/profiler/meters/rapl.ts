// RAPL: counters of energy in processors by Intel and AMD, /sys/class/powercap
// (kernel Documentation/power/powercap/powercap.rst).
import { z } from 'zod';
import { namesIn, numberOf, type ProfilerHost, textOf } from '../host.ts';
import { type EnergyReading, energyTrace } from './energy-trace.ts';
import type { Meter, MeterPlugin } from './meter.ts';
import { lostMeter, POLL_MS } from './polled-meter.ts';
import { polled } from './polling.ts';

const FOLDER = 'sys/class/powercap';

/** A package; its parts, with one more number, are counted in it. */
const PACKAGE = /^intel-rapl:\d+$/;

const options = z.strictObject({});

export const rapl: MeterPlugin<z.infer<typeof options>> = {
  kind: 'rapl',
  summary: 'counters of the processor itself (Intel and AMD); its files are for root alone',
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
    covers: 'processor packages; neither memory nor disks nor the power supply',
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

/** Joules since the first call; the counter begins anew beyond its range, every few minutes of load. */
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
