// Converters and sensors of the industrial I/O subsystem: /sys/bus/iio/devices
// (kernel Documentation/ABI/testing/sysfs-bus-iio).
import { join } from 'node:path';
import { toNumber } from '../../text/json-path.ts';
import { type SysFolder, sysFolders } from '../sys-folders.ts';
import { type Discover, type FileReading, idPart, numberAs } from './file-reading.ts';

/** Type of channel -> channel unit and what one unit is after scaling. */
const TYPES: Readonly<Record<string, { readonly unit: string; readonly divisor: number }>> = {
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
const INPUT = /^in_(([a-z]+)[\w-]*?)_(raw|input)$/;

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
    return folder.names.flatMap((file) => readingOf(folder, device, file) ?? []);
  });
};

function readingOf(folder: SysFolder, device: string, file: string): FileReading | undefined {
  const [, channel = '', type = '', form] = INPUT.exec(file) ?? [];
  const processed = `in_${channel}_input`;
  if (channel === '' || (form === 'raw' && folder.names.includes(processed))) return undefined;
  const { unit, divisor } = TYPES[type] ?? { unit: '', divisor: 1 };
  const scale = form === 'raw' ? (setting(folder, channel, type, 'scale') ?? 1) : 1;
  const offset = form === 'raw' ? (setting(folder, channel, type, 'offset') ?? 0) : 0;
  return {
    channel: { id: `${device}.${idPart(channel)}`, unit },
    path: join(folder.path, file),
    parse: numberAs((raw) => ((raw + offset) * scale) / divisor),
  };
}

/** Of the channel itself or, where they have it in common, of all of its type. */
function setting(
  { attribute }: SysFolder,
  channel: string,
  type: string,
  name: 'scale' | 'offset',
): number | undefined {
  return toNumber(attribute(`in_${channel}_${name}`) ?? attribute(`in_${type}_${name}`));
}
