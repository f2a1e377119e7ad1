// Conditions of a measurement, e.g. clock rate and temperature; absent = the machine does not report it.
import { z } from 'zod';
import { namesIn, numberOf, type ProfilerHost, textOf } from './host.ts';

export const conditionsSchema = z.strictObject({
  /** Processor that the measuring thread was pinned to. */
  pinnedTo: z.int().nonnegative().optional(),
  governor: z.string().optional(),
  clockHz: z.number().positive().optional(),
  temperatureC: z.number().optional(),
  /** Bits of `vcgencmd get_throttled`: 0 = no throttling since the boot. */
  throttled: z.int().nonnegative().optional(),
  /** Load average of the last minute. */
  load: z.number().nonnegative().optional(),
});

export type Conditions = z.infer<typeof conditionsSchema>;

const CPUFREQ = 'sys/devices/system/cpu';

/** Current conditions. The temperature is that of the hottest zone. */
export async function conditionsOf(host: ProfilerHost, pinnedTo?: number): Promise<Conditions> {
  const folder = `${CPUFREQ}/cpu${pinnedTo ?? 0}/cpufreq`;
  const kiloHertz = numberOf(host, `${folder}/scaling_cur_freq`);
  const throttled = await throttledBits(host);
  return withoutAbsent({
    pinnedTo,
    governor: textOf(host, `${folder}/scaling_governor`),
    clockHz: kiloHertz === undefined ? undefined : kiloHertz * 1000,
    temperatureC: hottest(host),
    throttled,
    load: numberOf(host, 'proc/loadavg'),
  });
}

function hottest(host: ProfilerHost): number | undefined {
  const zones = namesIn(host, 'sys/class/thermal').filter((name) =>
    name.startsWith('thermal_zone'),
  );
  const found = zones.flatMap((name) => numberOf(host, `sys/class/thermal/${name}/temp`) ?? []);
  return found.length === 0 ? undefined : Math.max(...found) / 1000;
}

async function throttledBits(host: ProfilerHost): Promise<number | undefined> {
  const printed = await host.run('vcgencmd', ['get_throttled']);
  const bits = /throttled=0x([0-9a-f]+)/i.exec(printed ?? '')?.[1];
  return bits === undefined ? undefined : Number.parseInt(bits, 16);
}

function withoutAbsent(
  conditions: {
    readonly [K in keyof Conditions]: Conditions[K] | undefined;
  },
): Conditions {
  // Each remaining entry has the type of the schema.
  return Object.fromEntries(
    Object.entries(conditions).filter(([, value]) => value !== undefined),
  ) as Conditions;
}
