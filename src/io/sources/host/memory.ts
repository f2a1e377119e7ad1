// Memory and swap, from /proc/meminfo (proc_meminfo(5)).
import { numberAfter, type Probe, type ReadText } from './probe.ts';

const CHANNELS = [
  { id: 'memory.used', unit: '%' },
  { id: 'memory.cached', unit: '%' },
  { id: 'memory.dirty', unit: 'MB' },
  { id: 'swap.used', unit: '%' },
];

const KB_PER_MB = 1000 / 1.024;

/** Shares of all memory (used = not available) and of all swap; 0 where there is no swap. */
export function memoryProbe(readText: ReadText): Probe {
  return {
    channels: CHANNELS,
    read(_elapsedS, into, offset) {
      const text = readText('proc/meminfo') ?? '';
      const total = numberAfter(text, 'MemTotal:');
      const swapTotal = numberAfter(text, 'SwapTotal:');
      into[offset] = 100 * (1 - numberAfter(text, 'MemAvailable:') / total);
      into[offset + 1] = (100 * numberAfter(text, 'Cached:')) / total;
      into[offset + 2] =
        (numberAfter(text, 'Dirty:') + numberAfter(text, 'Writeback:')) / KB_PER_MB;
      into[offset + 3] = swapTotal > 0 ? 100 * (1 - numberAfter(text, 'SwapFree:') / swapTotal) : 0;
    },
  };
}
