// Power chips that the kernel shows as folders of small files: a file `name`, and for each rail files with its number.
import { z } from 'zod';
import { namesIn, numberOf, type ProfilerHost, textOf } from '../host.ts';
import type { Meter, MeterPlugin } from './meter.ts';
import { polledMeter } from './polled-meter.ts';

/** Chips that only measure the current through a shunt resistor. */
const POWER_CHIP = /^ina\d+/;

const hwmonOptions = z.strictObject({
  chip: z.string().optional().describe('name of the chip, e.g. ina219; default: the first INA'),
  rail: z
    .string()
    .optional()
    .describe('label or number of the rail, e.g. VDD_IN or 1; default: the first'),
});

/**
 * Chips in /sys/class/hwmon: INA219, INA220, INA226, INA23x with one rail, INA3221 with three (kernel
 * Documentation/hwmon/ina2xx.rst and ina3221.rst).
 */
export const hwmon: MeterPlugin<z.infer<typeof hwmonOptions>> = {
  kind: 'hwmon',
  summary: 'a power chip with a driver in the kernel, e.g. INA219, INA226 or INA3221',
  options: hwmonOptions,
  detect: ({ chip, rail }, host) => {
    const isWanted = (name: string) => (chip === undefined ? POWER_CHIP.test(name) : chip === name);
    return railMeter(HWMON, { chip: isWanted, rail }, host);
  },
};

const HWMON: RailFiles = {
  kind: 'hwmon',
  folder: 'sys/class/hwmon',
  file: /^(?:power|curr)(\d+)_input$/,
  labelFile: (number) => `in${number}_label`,
  powerOf: hwmonPower,
};

/** power<n> is in microwatts, in<n> in millivolts, curr<n> in milliamperes; an INA219 has its supply voltage in in1, not in0. */
function hwmonPower(folder: string, number: string, host: ProfilerHost): number | undefined {
  const microWatts = numberOf(host, `${folder}/power${number}_input`);
  if (microWatts !== undefined) return microWatts / 1e6;
  const milliVolts = numberOf(host, `${folder}/in${number}_input`);
  const milliAmperes = numberOf(host, `${folder}/curr${number}_input`);
  if (milliVolts === undefined || milliAmperes === undefined) return undefined;
  return (milliVolts * milliAmperes) / 1e6;
}

const iioOptions = z.strictObject({
  device: z.string().optional().describe('name of the device, e.g. ina219; default: the first'),
  rail: z
    .string()
    .optional()
    .describe(
      'number of the power channel, or the name of its rail, e.g. POM_5V_IN; default: the first',
    ),
});

/**
 * Chips in /sys/bus/iio/devices: the INA219 family by the ina2xx-adc driver, the INA3221 of a Jetson by NVIDIA's driver
 * (kernel Documentation/ABI/testing/sysfs-bus-iio).
 */
export const iio: MeterPlugin<z.infer<typeof iioOptions>> = {
  kind: 'iio',
  summary: 'a power chip of the industrial I/O subsystem, e.g. the INA3221 of a Jetson',
  options: iioOptions,
  detect: ({ device, rail }, host) => {
    const isWanted = (name: string) => device === undefined || device === name;
    return railMeter(IIO, { chip: isWanted, rail }, host);
  },
};

const IIO: RailFiles = {
  kind: 'iio',
  folder: 'sys/bus/iio/devices',
  file: /^in_power(\d+)_(?:input|raw)$/,
  labelFile: (number) => `rail_name_${number}`,
  powerOf: iioPower,
};

/** Milliwatts after scaling; the driver of a Jetson scales itself. */
function iioPower(folder: string, number: string, host: ProfilerHost): number | undefined {
  const processed = numberOf(host, `${folder}/in_power${number}_input`);
  if (processed !== undefined) return processed / 1000;
  const raw = numberOf(host, `${folder}/in_power${number}_raw`);
  const scale = numberOf(host, `${folder}/in_power${number}_scale`) ?? 1;
  return raw === undefined ? undefined : (raw * scale) / 1000;
}

/** Files of a kernel subsystem for power chips. */
interface RailFiles {
  readonly kind: string;
  /** Parent of the folders of the chips. */
  readonly folder: string;
  /** Name of a file of a rail; captures the rail's number. */
  readonly file: RegExp;
  labelFile(number: string): string;
  /** Watts now, of a rail in the folder of a chip; undefined if it has no power reading. */
  powerOf(chip: string, number: string, host: ProfilerHost): number | undefined;
}

interface Wanted {
  chip(name: string): boolean;
  /** Label or number; undefined = the first. */
  readonly rail: string | undefined;
}

/** The first matching rail that can be read. */
function railMeter(files: RailFiles, wanted: Wanted, host: ProfilerHost): Meter | undefined {
  const { kind, folder, powerOf } = files;
  for (const name of namesIn(host, folder)) {
    const path = `${folder}/${name}`;
    const chip = textOf(host, `${path}/name`) ?? name;
    if (!wanted.chip(chip)) continue;
    const rail = railsOf(path, files, host).find(({ number, label }) =>
      [undefined, label, number].includes(wanted.rail),
    );
    if (!rail) continue;
    const { number, label } = rail;
    return polledMeter(
      {
        kind,
        id: `${chip} ${label ?? number}`,
        covers: 'the current through the shunt resistor of the chip',
        read: () => powerOf(path, number, host),
      },
      host,
    );
  }
  return undefined;
}

/** Rails whose power can be read, in the order of their numbers. */
function railsOf(path: string, { file, labelFile, powerOf }: RailFiles, host: ProfilerHost) {
  const numbers = namesIn(host, path).flatMap((name) => file.exec(name)?.[1] ?? []);
  return [...new Set(numbers)]
    .filter((number) => powerOf(path, number, host) !== undefined)
    .map((number) => ({ number, label: textOf(host, `${path}/${labelFile(number)}`) }));
}
