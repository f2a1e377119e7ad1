// DS18B20 and kin on the 1-wire bus: /sys/bus/w1/devices (kernel Documentation/w1/slaves/w1_therm.rst).
import { join } from 'node:path';
import { sysFolders } from '../sys-folders.ts';
import type { Discover } from './file-reading.ts';

/** Family codes of thermometers, then the serial number. */
const THERMOMETER = /^(10|22|28|3b|42)-[\da-f]{12}$/;

export const oneWireReadings: Discover = (root) =>
  sysFolders(join(root, 'sys/bus/w1/devices'))
    .filter(({ name, names }) => THERMOMETER.test(name) && names.includes('w1_slave'))
    .map(({ name, path }) => ({
      channel: { id: `w1.${name}`, unit: '°C' },
      path: join(path, 'w1_slave'),
      parse: temperatureIn,
    }));

/** What a sensor that was just powered and has not measured says, thousandths of a degree. */
const POWER_ON = 85_000;

/**
 * Degrees Celsius out of the two lines of w1_slave. undefined when the checksum is wrong, when the bus answered with
 * zeros, whose checksum is right, and for the power-on value; a true 85.000 °C is lost with it.
 */
export function temperatureIn(text: string): number | undefined {
  const silent = /^(00 ){9}/.test(text);
  const thousandths = Number(/ crc=[\da-f]{2} YES\n.* t=(-?\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (silent || Number.isNaN(thousandths) || thousandths === POWER_ON) return undefined;
  return thousandths / 1000;
}
