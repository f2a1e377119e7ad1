// Thermal zones: /sys/class/thermal (kernel Documentation/driver-api/thermal/sysfs-api.rst).
import { join } from 'node:path';
import { sysFolders } from '../sys-folders.ts';
import { type Discover, idPart, numberAs } from './file-reading.ts';

/** `thermal.<type>`; zones of one type are told apart by their number. */
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
