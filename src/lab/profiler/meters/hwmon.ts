// Power chips that the kernel shows in /sys/class/hwmon: INA219, INA220, INA226, INA23x with one rail, INA3221 with three
// (kernel Documentation/hwmon/ina2xx.rst and ina3221.rst).
import { z } from 'zod';
import { namesIn, numberOf, type ProfilerHost, textOf } from '../host.ts';
import type { MeterPlugin } from './meter.ts';
import { polledMeter } from './polled-meter.ts';

const FOLDER = 'sys/class/hwmon';

/** Chips that measure what flows through a resistor, and nothing else. */
const POWER_CHIP = /^ina\d+/;

const options = z.strictObject({
  chip: z.string().optional().describe('name of the chip, e.g. ina219; the first INA without'),
  rail: z
    .string()
    .optional()
    .describe('label or number of the rail, e.g. VDD_IN or 1; the first without'),
});

type Options = z.infer<typeof options>;

export const hwmon: MeterPlugin<Options> = {
  kind: 'hwmon',
  summary: 'a power chip with a driver in the kernel, e.g. INA219, INA226 or INA3221',
  options,
  detect: ({ chip, rail }, host) => {
    for (const name of namesIn(host, FOLDER)) {
      const folder = `${FOLDER}/${name}`;
      const found = textOf(host, `${folder}/name`) ?? '';
      if (chip === undefined ? !POWER_CHIP.test(found) : chip !== found) continue;
      const channel = railsOf(folder, host).find(
        ({ number, label }) => rail === undefined || rail === label || rail === number,
      );
      if (!channel) continue;
      const { number, label } = channel;
      return polledMeter(
        {
          kind: 'hwmon',
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

/** Those of which power can be read, in the order of their numbers. */
function railsOf(folder: string, host: ProfilerHost): readonly Rail[] {
  const numbers = namesIn(host, folder).flatMap(
    (file) => /^(?:power|curr)(\d+)_input$/.exec(file)?.[1] ?? [],
  );
  return [...new Set(numbers)]
    .filter((number) => powerOf(folder, number, host) !== undefined)
    .map((number) => ({ number, label: textOf(host, `${folder}/in${number}_label`) }));
}

/** power<n> is in microwatts, in<n> in millivolts, curr<n> in milliamperes; an INA219 has its supply in in1, not in0. */
function powerOf(folder: string, number: string, host: ProfilerHost): number | undefined {
  const microWatts = numberOf(host, `${folder}/power${number}_input`);
  if (microWatts !== undefined) return microWatts / 1e6;
  const milliVolts = numberOf(host, `${folder}/in${number}_input`);
  const milliAmperes = numberOf(host, `${folder}/curr${number}_input`);
  if (milliVolts === undefined || milliAmperes === undefined) return undefined;
  return (milliVolts * milliAmperes) / 1e6;
}
