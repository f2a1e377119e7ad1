// Traffic of disks and network interfaces of the host.
import { type Probe, Rates, type ReadText } from './probe.ts';

const DISK_CHANNELS = [
  { id: 'disk.read', unit: 'MB/s' },
  { id: 'disk.write', unit: 'MB/s' },
  { id: 'disk.operations', unit: '1/s' },
  { id: 'disk.busy', unit: '%' },
];

/** Sector of /proc/diskstats; it does not depend on the device. */
const SECTOR_BYTES = 512;

/** Whole devices only: partitions, RAM disks and device-mapper layers would count the same bytes twice. */
const WHOLE_DISK = /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** Bytes, operations and busy time, summed over the disks of the host. */
export function diskProbe(readText: ReadText): Probe {
  const rates = new Rates();
  return {
    channels: DISK_CHANNELS,
    read(elapsedS, into, offset) {
      const [read, written, operations, busyMs] = rates.of(
        diskTotals(readText('proc/diskstats') ?? ''),
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
function diskTotals(text: string): readonly number[] {
  const disks = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => WHOLE_DISK.test(fields[2] ?? ''));
  if (disks.length === 0) return [NaN, NaN, NaN, NaN];
  const sum = (field: number): number =>
    disks.reduce((total, disk) => total + Number(disk[field]), 0);
  return [sum(5), sum(9), sum(3) + sum(7), sum(12)];
}

const NETWORK_CHANNELS = [
  { id: 'network.received', unit: 'kB/s' },
  { id: 'network.sent', unit: 'kB/s' },
  { id: 'network.packets', unit: '1/s' },
  { id: 'loopback.traffic', unit: 'kB/s' },
  { id: 'sockets.tcp', unit: '' },
  { id: 'files.open', unit: '' },
];

/** Virtual interfaces repeat what a real one already counted. */
const VIRTUAL = /^(lo|veth|docker|br-|virbr|ifb|tun|tap|dummy|bond|sit)/;

/** Kilobytes and packets per second, open TCP sockets and open file handles. */
export function networkProbe(readText: ReadText): Probe {
  const rates = new Rates();
  return {
    channels: NETWORK_CHANNELS,
    read(elapsedS, into, offset) {
      const [received = NaN, sent = NaN, packets = NaN, loopback = NaN] = rates.of(
        networkTotals(readText('proc/net/dev') ?? ''),
        elapsedS,
      );
      into[offset] = received / 1000;
      into[offset + 1] = sent / 1000;
      into[offset + 2] = packets;
      into[offset + 3] = loopback / 1000;
      into[offset + 4] = Number.parseFloat(
        /^TCP: inuse (\d+)/m.exec(readText('proc/net/sockstat') ?? '')?.[1] ?? '',
      );
      into[offset + 5] = Number.parseFloat(readText('proc/sys/fs/file-nr') ?? '');
    },
  };
}

/** Bytes in, bytes out and packets of the real interfaces; bytes through loopback. */
function networkTotals(text: string): readonly number[] {
  const interfaces = [...text.matchAll(/^\s*(\S+?):\s*(.*)$/gm)].map(
    ([, name = '', counters = '']) => ({
      name,
      counters: counters.split(/\s+/).map(Number),
    }),
  );
  const real = interfaces.filter(({ name }) => !VIRTUAL.test(name));
  const sum = (field: number): number =>
    real.reduce((total, { counters }) => total + (counters[field] ?? 0), 0);
  const loopback = interfaces.find(({ name }) => name === 'lo')?.counters[0] ?? 0;
  return [sum(0), sum(8), sum(1) + sum(9), loopback];
}
