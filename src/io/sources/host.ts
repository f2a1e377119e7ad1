// The machine that the daemon runs on, read from /proc and /sys: no child process, no native module.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { dueTimes } from './due-times.ts';
import type { Probe, ReadText } from './host/probe.ts';
import { cpuProbe, loadProbe, memoryProbe, thermalProbe } from './host/system.ts';
import { diskProbe, networkProbe } from './host/traffic.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const hostOptions = z.strictObject({
  intervalMs: z.number().int().min(100).default(1000).describe('time between samples, ms'),
  root: z
    .string()
    .default('/')
    .describe('folder that holds proc and sys, e.g. a mount of the host'),
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
  const probes = [cpuProbe, loadProbe, memoryProbe, diskProbe, networkProbe, thermalProbe].map(
    (make) => make(readText),
  );
  const channels = probes.flatMap((probe) => probe.channels);
  return {
    id: `host:${options.root}`,
    channels,
    live: true,
    measuresHost: true,
    samples: (signal) =>
      samples(probes, channels.length, options.intervalMs, context.streamId, signal),
  };
}

async function* samples(
  probes: readonly Probe[],
  width: number,
  intervalMs: number,
  streamId: string,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  let lastMs = performance.now();
  readAll(probes, 0, new Float64Array(width)); // the first reading of a counter gives no rate
  for await (const _ of dueTimes(intervalMs, signal)) {
    const nowMs = performance.now();
    const values = new Float64Array(width);
    readAll(probes, (nowMs - lastMs) / 1000, values);
    lastMs = nowMs;
    yield { streamId, timeMs: Date.now(), values };
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
