// The machine that the daemon runs on, read from /proc and /sys: no child process, no native module.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import type { Explanation, Source } from '../../core/source.ts';
import { spanText } from '../text/quantity.ts';
import { dueTimes } from './due-times.ts';
import type { Probe, ReadText } from './host/probe.ts';
import { ProcessTable, resourceOf } from './host/processes.ts';
import { type FileSystemProbe, fileSystemProbe, throttlingProbe } from './host/storage.ts';
import { cpuProbe, loadProbe, memoryProbe, thermalProbe } from './host/system.ts';
import { diskProbe, networkProbe } from './host/traffic.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const hostOptions = z.strictObject({
  intervalMs: z.number().int().min(100).default(1000).describe('time between samples, ms'),
  root: z
    .string()
    .default('/')
    .describe('folder that holds proc and sys, e.g. a mount of the host'),
  processes: z
    .boolean()
    .default(true)
    .describe('name in alerts the processes that used most of what is blamed'),
});

type HostOptions = z.infer<typeof hostOptions>;

/** Host metrics: CPU modes, load, pressure, memory, disk and network rates, and sensors where there are any. */
export const hostSource: SourcePlugin<HostOptions> = {
  kind: 'host',
  summary: 'metrics of this machine from /proc and /sys',
  options: hostOptions,
  create: createHostSource,
};

function createHostSource(options: HostOptions, context: SourceContext): Source {
  const readText = textReader(options.root);
  if (readText('proc/stat') === undefined) {
    throw new SourceError(
      `source host: ${options.root} has no readable proc/stat: this needs Linux, or set root to the folder that holds proc`,
      { code: 'SEN_SRC_FILES_MISSING' },
    );
  }
  const fileSystems = fileSystemProbe(readText, options.root);
  const probes = [
    ...[cpuProbe, loadProbe, memoryProbe, diskProbe, networkProbe, thermalProbe].map((make) =>
      make(readText),
    ),
    ...[fileSystems, throttlingProbe(readText)],
  ];
  const channels = probes.flatMap((probe) => probe.channels);
  const table = options.processes ? new ProcessTable(options.root) : undefined;
  const { intervalMs } = options;
  return {
    id: `host:${options.root}`,
    channels,
    live: true,
    measuresHost: true,
    samples: (signal) => samples({ probes, table, intervalMs, ...context }, signal),
    isLearnt: ({ id }) => !NOT_LEARNT.test(id),
    explain: (blamed) => explanation(blamed, table, fileSystems),
  };
}

/**
 * Free space moves one way for weeks, and so does the file cache, which grows until the memory is full. File systems come and go,
 * the flags of a Pi are faults as they are. The load average is the mean over a minute of processes.running and processes.blocked:
 * it would keep an alert open for minutes after their fault has ended.
 */
const NOT_LEARNT =
  /^(disk\.(free|inodes)(:|$)|memory\.cached$|power\.undervoltage$|cpu\.throttled$|load\.1min$)/;

function explanation(
  blamed: readonly Channel[],
  table: ProcessTable | undefined,
  fileSystems: FileSystemProbe,
): Explanation {
  const [first] = blamed;
  if (!first) return {};
  const resource = resourceOf(first.id);
  const processes = resource && table ? table.mostOf(resource) : [];
  const hours = fileSystems.hoursLeft(first.id);
  return {
    ...(processes.length > 0 && { processes }),
    ...(hours !== undefined && { note: `full in about ${spanText(hours * HOUR_MS)}` }),
  };
}

const HOUR_MS = 3_600_000;
/** Time between two looks at the processes, so that there is one to compare with when an alert opens. */
const LOOK_MS = 60_000;

interface Sampling extends Pick<SourceContext, 'streamId'> {
  readonly probes: readonly Probe[];
  readonly table: ProcessTable | undefined;
  readonly intervalMs: number;
}

async function* samples(
  { probes, table, intervalMs, streamId }: Sampling,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  const width = probes.reduce((sum, { channels }) => sum + channels.length, 0);
  let lastMs = performance.now();
  let lookedMs = Number.NEGATIVE_INFINITY;
  readAll(probes, 0, new Float64Array(width)); // the first reading of a counter gives no rate
  for await (const _ of dueTimes(intervalMs, signal)) {
    const nowMs = performance.now();
    const values = new Float64Array(width);
    readAll(probes, (nowMs - lastMs) / 1000, values);
    lastMs = nowMs;
    yield { streamId, timeMs: Date.now(), values };
    if (nowMs - lookedMs < LOOK_MS) continue;
    table?.look();
    lookedMs = nowMs;
  }
}

function readAll(probes: readonly Probe[], elapsedS: number, into: Float64Array): void {
  let offset = 0;
  for (const probe of probes) {
    probe.read(elapsedS, into, offset);
    offset += probe.channels.length;
  }
}

function textReader(root: string): ReadText {
  return (path) => {
    try {
      return readFileSync(`${root}/${path}`, 'utf8');
    } catch {
      return undefined; // not every kernel has every file
    }
  };
}
