// CPU modes and the scheduler's work, from /proc/stat (proc_stat(5)).
import { numberAfter, type Probe, Rates, type ReadText } from './probe.ts';

const CHANNELS = [
  { id: 'cpu.user', unit: '%' },
  { id: 'cpu.system', unit: '%' },
  { id: 'cpu.iowait', unit: '%' },
  { id: 'cpu.interrupt', unit: '%' },
  { id: 'cpu.steal', unit: '%' },
  { id: 'processes.forks', unit: '1/s' },
  { id: 'processes.switches', unit: '1/s' },
  { id: 'processes.running', unit: '' },
  { id: 'processes.blocked', unit: '' },
];

/** Shares of all cores' time, 0 to 100, and forks and context switches per second. */
export function cpuProbe(readText: ReadText): Probe {
  const modes = new Rates();
  const events = new Rates();
  return {
    channels: CHANNELS,
    read(elapsedS, into, offset) {
      const text = readText('proc/stat') ?? '';
      const ticks = (text.split('\n', 1)[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
      into.set(shares(modes.of(ticks, elapsedS)), offset);
      into.set(
        events.of([numberAfter(text, 'processes '), numberAfter(text, 'ctxt ')], elapsedS),
        offset + 5,
      );
      // The reader itself is always running: what is left is the others.
      into[offset + 7] = Math.max(0, numberAfter(text, 'procs_running ') - 1);
      into[offset + 8] = numberAfter(text, 'procs_blocked ');
    },
  };
}

/** Tick rates of user, nice, system, idle, iowait, irq, softirq, steal -> our five shares in percent. */
function shares(rates: readonly number[]): readonly number[] {
  const [
    user = NaN,
    nice = NaN,
    system = NaN,
    idle = NaN,
    iowait = NaN,
    irq = NaN,
    softirq = NaN,
    steal = NaN,
  ] = rates;
  const total = user + nice + system + idle + iowait + irq + softirq + steal;
  return [user + nice, system, iowait, irq + softirq, steal].map((rate) => (100 * rate) / total);
}
