// What measures power. A new meter is one file and one word here.
import { DeviceError } from '../../../core/errors.ts';
import { lookUp, parseOptions, type Registry, registry } from '../../../core/registry.ts';
import type { ProfilerHost } from '../host.ts';
import { csvLog } from './csv-log.ts';
import { hwmon } from './hwmon.ts';
import { iio } from './iio.ts';
import type { Meter, MeterPlugin } from './meter.ts';
import { pmic } from './pmic.ts';
import { rapl } from './rapl.ts';
import { serial } from './serial.ts';

/** In the order in which they are looked for: what sees the whole board before what sees a part of it. */
export const meters: Registry<MeterPlugin> = registry<MeterPlugin>(
  hwmon,
  iio,
  serial,
  csvLog,
  pmic,
  rapl,
);

/** The first that is there without being told where; undefined = no figure of energy can be had. */
export async function detectMeter(host: ProfilerHost): Promise<Meter | undefined> {
  for (const plugin of meters.values()) {
    const found = await plugin.detect(plugin.options.parse({}), host);
    if (found) return found;
  }
  return undefined;
}

/**
 * The meter of that kind. Throws `ConfigError` for a kind or an option that there is not, `DeviceError` where this
 * machine has no such meter.
 */
export async function openMeter(
  kind: string,
  options: unknown,
  host: ProfilerHost,
): Promise<Meter> {
  const plugin = lookUp(meters, kind, 'meter');
  const found = await plugin.detect(parseOptions(plugin.options, options, `meter ${kind}`), host);
  if (found) return found;
  throw new DeviceError(
    `there is no meter of kind '${kind}' here: connect it, name its place in the options, or profile without a meter`,
  );
}
