// Load average and pressure stall information, from /proc/loadavg and /proc/pressure (psi is Linux 4.20 and later).
import { type Probe, Rates, type ReadText } from './probe.ts';

const RESOURCES = ['cpu', 'memory', 'io'] as const;

const CHANNELS = [
  { id: 'load.1min', unit: '' },
  ...RESOURCES.map((resource) => ({ id: `pressure.${resource}`, unit: '%' })),
];

const US_PER_PERCENT_OF_SECOND = 10_000;

/** One-minute load, and the share of time in which some task waited for cpu, memory or io. */
export function loadProbe(readText: ReadText): Probe {
  const stalls = new Rates();
  return {
    channels: CHANNELS,
    read(elapsedS, into, offset) {
      into[offset] = Number.parseFloat(readText('proc/loadavg') ?? '');
      const totals = RESOURCES.map((resource) =>
        stalledUs(readText(`proc/pressure/${resource}`) ?? ''),
      );
      into.set(
        stalls.of(totals, elapsedS).map((rate) => rate / US_PER_PERCENT_OF_SECOND),
        offset + 1,
      );
    },
  };
}

function stalledUs(text: string): number {
  return Number.parseFloat(/^some .*total=(\d+)/.exec(text)?.[1] ?? '');
}
