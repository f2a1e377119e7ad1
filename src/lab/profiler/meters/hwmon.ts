// Power chips that the kernel shows in /sys/class/hwmon: INA219, INA220, INA226, INA23x with one rail, INA3221 with three
// (kernel Documentation/hwmon/ina2xx.rst and ina3221.rst).
import { z } from 'zod';
import { numberOf, type ProfilerHost } from '../host.ts';
import type { MeterPlugin } from './meter.ts';
import { type RailFiles, railMeter } from './rail-meter.ts';

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
    const isWanted = (name: string) => (chip === undefined ? POWER_CHIP.test(name) : chip === name);
    return railMeter(FILES, { chip: isWanted, rail }, host);
  },
};

const FILES: RailFiles = {
  kind: 'hwmon',
  folder: 'sys/class/hwmon',
  file: /^(?:power|curr)(\d+)_input$/,
  labelFile: (number) => `in${number}_label`,
  powerOf,
};

/** power<n> is in microwatts, in<n> in millivolts, curr<n> in milliamperes; an INA219 has its supply in in1, not in0. */
function powerOf(folder: string, number: string, host: ProfilerHost): number | undefined {
  const microWatts = numberOf(host, `${folder}/power${number}_input`);
  if (microWatts !== undefined) return microWatts / 1e6;
  const milliVolts = numberOf(host, `${folder}/in${number}_input`);
  const milliAmperes = numberOf(host, `${folder}/curr${number}_input`);
  if (milliVolts === undefined || milliAmperes === undefined) return undefined;
  return (milliVolts * milliAmperes) / 1e6;
}
