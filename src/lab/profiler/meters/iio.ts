// Power chips that the kernel shows in /sys/bus/iio/devices: INA219 and its like by the ina2xx-adc driver, the INA3221 of
// a Jetson by that of NVIDIA (kernel Documentation/ABI/testing/sysfs-bus-iio).
import { z } from 'zod';
import { numberOf, type ProfilerHost } from '../host.ts';
import type { MeterPlugin } from './meter.ts';
import { type RailFiles, railMeter } from './rail-meter.ts';

const options = z.strictObject({
  device: z.string().optional().describe('name of the device, e.g. ina219; the first without'),
  rail: z
    .string()
    .optional()
    .describe(
      'number of the power channel, or the name of its rail, e.g. POM_5V_IN; the first without',
    ),
});

export const iio: MeterPlugin<z.infer<typeof options>> = {
  kind: 'iio',
  summary: 'a power chip of the industrial I/O subsystem, e.g. the INA3221 of a Jetson',
  options,
  detect: ({ device, rail }, host) => {
    const isWanted = (name: string) => device === undefined || device === name;
    return railMeter(FILES, { chip: isWanted, rail }, host);
  },
};

const FILES: RailFiles = {
  kind: 'iio',
  folder: 'sys/bus/iio/devices',
  file: /^in_power(\d+)_(?:input|raw)$/,
  labelFile: (number) => `rail_name_${number}`,
  powerOf,
};

/** Milliwatts, once scaled; the driver of a Jetson does that itself. */
function powerOf(folder: string, number: string, host: ProfilerHost): number | undefined {
  const processed = numberOf(host, `${folder}/in_power${number}_input`);
  if (processed !== undefined) return processed / 1000;
  const raw = numberOf(host, `${folder}/in_power${number}_raw`);
  const scale = numberOf(host, `${folder}/in_power${number}_scale`) ?? 1;
  return raw === undefined ? undefined : (raw * scale) / 1000;
}
