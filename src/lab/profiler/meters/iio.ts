// Power chips that the kernel shows in /sys/bus/iio/devices: INA219 and its like by the ina2xx-adc driver, the INA3221 of
// a Jetson by that of NVIDIA (kernel Documentation/ABI/testing/sysfs-bus-iio).
import { z } from 'zod';
import { namesIn, numberOf, type ProfilerHost, textOf } from '../host.ts';
import type { MeterPlugin } from './meter.ts';
import { polledMeter } from './polled-meter.ts';

const FOLDER = 'sys/bus/iio/devices';

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
    for (const name of namesIn(host, FOLDER)) {
      const folder = `${FOLDER}/${name}`;
      const found = textOf(host, `${folder}/name`) ?? name;
      if (device !== undefined && device !== found) continue;
      const channel = railsOf(folder, host).find(
        ({ number, label }) => rail === undefined || rail === label || rail === number,
      );
      if (!channel) continue;
      const { number, label } = channel;
      return polledMeter(
        {
          kind: 'iio',
          id: `${found} ${label ?? number}`,
          covers: 'what flows through the resistor of the chip',
          read: () => powerOf(folder, number, host),
        },
        host,
      );
    }
    return undefined;
  },
};

interface Rail {
  readonly number: string;
  readonly label: string | undefined;
}

function railsOf(folder: string, host: ProfilerHost): readonly Rail[] {
  const numbers = namesIn(host, folder).flatMap(
    (file) => /^in_power(\d+)_(?:input|raw)$/.exec(file)?.[1] ?? [],
  );
  return [...new Set(numbers)]
    .filter((number) => powerOf(folder, number, host) !== undefined)
    .map((number) => ({ number, label: textOf(host, `${folder}/rail_name_${number}`) }));
}

/** Milliwatts, once scaled; the driver of a Jetson does that itself. */
function powerOf(folder: string, number: string, host: ProfilerHost): number | undefined {
  const processed = numberOf(host, `${folder}/in_power${number}_input`);
  if (processed !== undefined) return processed / 1000;
  const raw = numberOf(host, `${folder}/in_power${number}_raw`);
  const scale = numberOf(host, `${folder}/in_power${number}_scale`) ?? 1;
  return raw === undefined ? undefined : (raw * scale) / 1000;
}
