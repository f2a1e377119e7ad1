// Traffic of the real interfaces together and of loopback apart, and open sockets and files, from /proc.
import { type Probe, Rates, type ReadText } from './probe.ts';

const CHANNELS = [
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
    channels: CHANNELS,
    read(elapsedS, into, offset) {
      const [received = NaN, sent = NaN, packets = NaN, loopback = NaN] = rates.of(
        totals(readText('proc/net/dev') ?? ''),
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
function totals(text: string): readonly number[] {
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
