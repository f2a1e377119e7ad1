// Processor, load, memory and temperature of the host.
import { numberAfter, type Probe, Rates, type ReadText } from './probe.ts';

const CPU_CHANNELS = [
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
    channels: CPU_CHANNELS,
    read(elapsedS, into, offset) {
      const text = readText('proc/stat') ?? '';
      const ticks = (text.split('\n', 1)[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
      into.set(shares(modes.of(ticks, elapsedS)), offset);
      into.set(
        events.of([numberAfter(text, 'processes '), numberAfter(text, 'ctxt ')], elapsedS),
        offset + 5,
      );
      // Without the reader itself, which is always running.
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

const RESOURCES = ['cpu', 'memory', 'io'] as const;

const LOAD_CHANNELS = [
  { id: 'load.1min', unit: '' },
  ...RESOURCES.map((resource) => ({ id: `pressure.${resource}`, unit: '%' })),
];

const US_PER_PERCENT_OF_SECOND = 10_000;

/** One-minute load, and the share of time in which some task waited for cpu, memory or io. */
export function loadProbe(readText: ReadText): Probe {
  const stalls = new Rates();
  return {
    channels: LOAD_CHANNELS,
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

const MEMORY_CHANNELS = [
  { id: 'memory.used', unit: '%' },
  { id: 'memory.cached', unit: '%' },
  { id: 'memory.dirty', unit: 'MB' },
  { id: 'swap.used', unit: '%' },
];

const KB_PER_MB = 1000 / 1.024;

/** Shares of all memory (used = not available) and of all swap; 0 without swap. */
export function memoryProbe(readText: ReadText): Probe {
  return {
    channels: MEMORY_CHANNELS,
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

const TEMPERATURE = 'sys/class/thermal/thermal_zone0/temp';
const FREQUENCY = 'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq';

/** Degrees of the first thermal zone and current frequency of the first core; a host without the sensor has no channel. */
export function thermalProbe(readText: ReadText): Probe {
  const sensors = [
    { path: TEMPERATURE, id: 'cpu.temperature', unit: '°C', divisor: 1000 },
    { path: FREQUENCY, id: 'cpu.frequency', unit: 'MHz', divisor: 1000 },
  ].filter((sensor) => readText(sensor.path) !== undefined);
  return {
    channels: sensors.map(({ id, unit }) => ({ id, unit })),
    read(_elapsedS, into, offset) {
      sensors.forEach((sensor, index) => {
        into[offset + index] = Number.parseFloat(readText(sensor.path) ?? '') / sensor.divisor;
      });
    },
  };
}
