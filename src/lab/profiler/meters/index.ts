// Registry of power meters. A new meter is one file and one word here.
import { DeviceError } from '../../../core/errors.ts';
import { lookUp, parseOptions, type Registry, registry } from '../../../core/registry.ts';
import type { ProfilerHost } from '../host.ts';
import { csvLog } from './csv-log.ts';
import type { Meter, MeterPlugin } from './meter.ts';
import { pmic } from './pmic.ts';
import { hwmon, iio } from './rail-meter.ts';
import { rapl } from './rapl.ts';
import { serial } from './serial.ts';

/** In the order of detection: meters of the whole board before meters of a part of it. */
export const meters: Registry<MeterPlugin> = registry<MeterPlugin>(
  hwmon,
  iio,
  serial,
  csvLog,
  pmic,
  rapl,
);

/** The first meter that is found without options; undefined = energy cannot be measured. */
export async function detectMeter(host: ProfilerHost): Promise<Meter | undefined> {
  for (const plugin of meters.values()) {
    const found = await plugin.detect(plugin.options.parse({}), host);
    if (found) return found;
  }
  return undefined;
}

/**
 * The meter of a kind. Throws `ConfigError` for an unknown kind or option, `DeviceError` if this machine has no such meter.
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
    `there is no meter of kind '${kind}' on this machine: connect it, give its path in the options, or profile without a meter`,
    { code: 'SEN_DEV_METER' },
  );
}
