// Sensors that the kernel shows in /sys: hardware monitors, converters, 1-wire thermometers, thermal zones.
import { readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Channel } from '../../../core/sample.ts';
import { toNumber } from '../../text/json.ts';
import { type SysFolder, sysFolders } from '../sys-folders.ts';

/** Kind of attribute -> channel unit and what one unit is in the file. */
const HWMON_KINDS: Readonly<Record<string, { readonly unit: string; readonly divisor: number }>> = {
  temp: { unit: '°C', divisor: 1000 },
  in: { unit: 'V', divisor: 1000 },
  curr: { unit: 'A', divisor: 1000 },
  power: { unit: 'W', divisor: 1e6 },
  fan: { unit: '1/min', divisor: 1 },
  humidity: { unit: '%', divisor: 1000 },
};

const HWMON_INPUT = /^(temp|in|curr|power|fan|humidity)(\d+)_(input|average)$/;

/** Whether the supply voltage is too low: the only attribute of a Pi's rpi_volt chip. */
const LOW_VOLTAGE = /^in\d+_lcrit_alarm$/;

/** `<chip>.<label>`; the device distinguishes chips of the same name, since unlike hwmon<n> it stays the same. */
export const hwmonReadings: Discover = (root) => {
  const chips = sysFolders(join(root, 'sys/class/hwmon')).map((folder) => ({
    folder,
    name: idPart(folder.attribute('name') ?? folder.name),
  }));
  return chips.flatMap(({ folder, name }) => {
    const alone = chips.filter((other) => other.name === name).length === 1;
    const chip = alone ? name : `${name}.${deviceOf(folder) ?? folder.name}`;
    return folder.names.flatMap((file) => hwmonReading(folder, chip, file) ?? []);
  });
};

function hwmonReading(folder: SysFolder, chip: string, file: string): FileReading | undefined {
  const path = join(folder.path, file);
  if (LOW_VOLTAGE.test(file)) {
    return { channel: { id: `${chip}.${file}`, unit: '' }, path, parse: toNumber };
  }
  const [, kind = '', number = '', form] = HWMON_INPUT.exec(file) ?? [];
  const quantity = HWMON_KINDS[kind];
  const doubled = form === 'average' && folder.names.includes(`${kind}${number}_input`);
  if (!quantity || doubled) return undefined;
  const label = idPart(folder.attribute(`${kind}${number}_label`) ?? `${kind}${number}`);
  return {
    channel: { id: `${chip}.${label}`, unit: quantity.unit },
    path,
    parse: numberAs((raw) => raw / quantity.divisor),
  };
}

function deviceOf({ path }: SysFolder): string | undefined {
  try {
    return basename(readlinkSync(join(path, 'device')));
  } catch {
    return undefined; // a virtual chip
  }
}

/** Type of channel -> channel unit and what one unit is after scaling. */
const IIO_TYPES: Readonly<Record<string, { readonly unit: string; readonly divisor: number }>> = {
  voltage: { unit: 'V', divisor: 1000 },
  current: { unit: 'A', divisor: 1000 },
  power: { unit: 'W', divisor: 1000 },
  temp: { unit: '°C', divisor: 1000 },
  humidityrelative: { unit: '%', divisor: 1000 },
  pressure: { unit: 'kPa', divisor: 1 },
  illuminance: { unit: 'lx', divisor: 1 },
  accel: { unit: 'm/s²', divisor: 1 },
  anglvel: { unit: 'rad/s', divisor: 1 },
  magn: { unit: 'G', divisor: 1 },
  resistance: { unit: 'Ω', divisor: 1 },
  concentration: { unit: '%', divisor: 1 },
  massconcentration: { unit: 'µg/m³', divisor: 1 },
  distance: { unit: 'm', divisor: 1 },
};

/** in_voltage0_raw, in_voltage0-voltage1_raw, in_accel_x_raw, in_temp_input */
const IIO_INPUT = /^in_(([a-z]+)[\w-]*?)_(raw|input)$/;

/** `<device>.<channel>`; devices of one name are numbered in the order in which the kernel found them. */
export const iioReadings: Discover = (root) => {
  const devices = sysFolders(join(root, 'sys/bus/iio/devices')).filter(({ name }) =>
    name.startsWith('iio:device'),
  );
  const names = devices.map((folder) =>
    idPart(folder.attribute('label') ?? folder.attribute('name') ?? folder.name),
  );
  return devices.flatMap((folder, index) => {
    const name = names[index] ?? '';
    const before = names.slice(0, index).filter((other) => other === name).length;
    const device = names.indexOf(name) === names.lastIndexOf(name) ? name : `${name}.${before}`;
    return folder.names.flatMap((file) => iioReading(folder, device, file) ?? []);
  });
};

function iioReading(folder: SysFolder, device: string, file: string): FileReading | undefined {
  const [, channel = '', type = '', form] = IIO_INPUT.exec(file) ?? [];
  const processed = `in_${channel}_input`;
  if (channel === '' || (form === 'raw' && folder.names.includes(processed))) return undefined;
  const { unit, divisor } = IIO_TYPES[type] ?? { unit: '', divisor: 1 };
  const scale = form === 'raw' ? (setting(folder, channel, type, 'scale') ?? 1) : 1;
  const offset = form === 'raw' ? (setting(folder, channel, type, 'offset') ?? 0) : 0;
  return {
    channel: { id: `${device}.${idPart(channel)}`, unit },
    path: join(folder.path, file),
    parse: numberAs((raw) => ((raw + offset) * scale) / divisor),
  };
}

/** Of the channel itself, or else the common one of its type. */
function setting(
  { attribute }: SysFolder,
  channel: string,
  type: string,
  name: 'scale' | 'offset',
): number | undefined {
  return toNumber(attribute(`in_${channel}_${name}`) ?? attribute(`in_${type}_${name}`));
}

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

/** Value of a sensor between power-on and its first measurement, thousandths of a degree. */
const POWER_ON = 85_000;

/**
 * Degrees Celsius in the two lines of w1_slave. undefined when the checksum is wrong, when the bus answered with zeros,
 * whose checksum is correct, and for the power-on value, and so for a true 85.000 °C.
 */
export function temperatureIn(text: string): number | undefined {
  const silent = /^(00 ){9}/.test(text);
  const thousandths = Number(/ crc=[\da-f]{2} YES\n.* t=(-?\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (silent || Number.isNaN(thousandths) || thousandths === POWER_ON) return undefined;
  return thousandths / 1000;
}

/** `thermal.<type>`; a number distinguishes zones of the same type. */
export const thermalReadings: Discover = (root) => {
  const zones = sysFolders(join(root, 'sys/class/thermal'))
    .filter(({ name, names }) => name.startsWith('thermal_zone') && names.includes('temp'))
    .map((folder) => ({ folder, type: idPart(folder.attribute('type') ?? folder.name) }));
  return zones.map(({ folder, type }) => {
    const alone = zones.filter((other) => other.type === type).length === 1;
    const number = folder.name.slice('thermal_zone'.length);
    return {
      channel: { id: `thermal.${alone ? type : `${type}.${number}`}`, unit: '°C' },
      path: join(folder.path, 'temp'),
      parse: numberAs((raw) => raw / 1000),
    };
  });
};

/** One number in one file. */
export interface FileReading {
  readonly channel: Channel;
  readonly path: string;
  /** In channel units; undefined when the text holds no valid reading. */
  readonly parse: (text: string) => number | undefined;
}

/** Finds the present sensors below the root. */
export type Discover = (root: string) => FileReading[];

/** Reads the number that `find` extracts from a text, by default the whole text; `convert` converts it to channel units. */
export function numberAs(
  convert: (raw: number) => number,
  find: (text: string) => unknown = (text) => text,
): FileReading['parse'] {
  return (text) => {
    const raw = toNumber(find(text));
    return raw === undefined ? undefined : convert(raw);
  };
}

/** Text as a part of a channel id: without blanks, and without brackets, which enclose the unit. */
function idPart(text: string): string {
  return text.trim().replace(/[\s[\]]+/g, '_');
}
