// Hardware monitoring chips: /sys/class/hwmon (kernel Documentation/hwmon/sysfs-interface.rst).
import { readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { toNumber } from '../../text/json-path.ts';
import { type SysFolder, sysFolders } from '../sys-folders.ts';
import { type Discover, type FileReading, idPart, numberAs } from './file-reading.ts';

/** Kind of attribute -> channel unit and what one unit is in the file. */
const KINDS: Readonly<Record<string, { readonly unit: string; readonly divisor: number }>> = {
  temp: { unit: '°C', divisor: 1000 },
  in: { unit: 'V', divisor: 1000 },
  curr: { unit: 'A', divisor: 1000 },
  power: { unit: 'W', divisor: 1e6 },
  fan: { unit: '1/min', divisor: 1 },
  humidity: { unit: '%', divisor: 1000 },
};

const INPUT = /^(temp|in|curr|power|fan|humidity)(\d+)_(input|average)$/;

/** A Pi's rpi_volt chip has nothing but this: whether its supply is too low. */
const LOW_VOLTAGE = /^in\d+_lcrit_alarm$/;

/** `<chip>.<label>`; chips of one name are told apart by the device they belong to, which unlike hwmon<n> stays. */
export const hwmonReadings: Discover = (root) => {
  const chips = sysFolders(join(root, 'sys/class/hwmon')).map((folder) => ({
    folder,
    name: idPart(folder.attribute('name') ?? folder.name),
  }));
  return chips.flatMap(({ folder, name }) => {
    const alone = chips.filter((other) => other.name === name).length === 1;
    const chip = alone ? name : `${name}.${deviceOf(folder) ?? folder.name}`;
    return folder.names.flatMap((file) => readingOf(folder, chip, file) ?? []);
  });
};

function readingOf(folder: SysFolder, chip: string, file: string): FileReading | undefined {
  const path = join(folder.path, file);
  if (LOW_VOLTAGE.test(file)) {
    return { channel: { id: `${chip}.${file}`, unit: '' }, path, parse: toNumber };
  }
  const [, kind = '', number = '', form] = INPUT.exec(file) ?? [];
  const quantity = KINDS[kind];
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
