// Whole disks together, from /proc/diskstats (kernel Documentation/admin-guide/iostats.rst).
import { type Probe, Rates, type ReadText } from './probe.ts';

const CHANNELS = [
  { id: 'disk.read', unit: 'MB/s' },
  { id: 'disk.write', unit: 'MB/s' },
  { id: 'disk.operations', unit: '1/s' },
  { id: 'disk.busy', unit: '%' },
];

/** Sector of /proc/diskstats, whatever the device's own sector is. */
const SECTOR_BYTES = 512;

/** Whole devices only: partitions, RAM disks and device-mapper layers would count the same bytes twice. */
const WHOLE_DISK = /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** Bytes, operations and busy time, summed over the disks of the host. */
export function diskProbe(readText: ReadText): Probe {
  const rates = new Rates();
  return {
    channels: CHANNELS,
    read(elapsedS, into, offset) {
      const [read, written, operations, busyMs] = rates.of(
        totals(readText('proc/diskstats') ?? ''),
        elapsedS,
      );
      into[offset] = ((read ?? Number.NaN) * SECTOR_BYTES) / 1e6;
      into[offset + 1] = ((written ?? Number.NaN) * SECTOR_BYTES) / 1e6;
      into[offset + 2] = operations ?? Number.NaN;
      into[offset + 3] = Math.min(100, (busyMs ?? Number.NaN) / 10);
    },
  };
}

/** Sectors read, sectors written, operations, busy milliseconds; NaN when there is no disk. */
function totals(text: string): readonly number[] {
  const disks = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => WHOLE_DISK.test(fields[2] ?? ''));
  if (disks.length === 0) return [NaN, NaN, NaN, NaN];
  const sum = (field: number): number =>
    disks.reduce((total, disk) => total + Number(disk[field]), 0);
  return [sum(5), sum(9), sum(3) + sum(7), sum(12)];
}
