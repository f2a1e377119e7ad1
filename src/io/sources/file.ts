// Numbers in files, polled: sensors that the kernel shows in /sys, and any file that holds a number.

import { open } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError, SourceError } from '../../core/errors.ts';
import { type Channel, formatChannel, parseChannel, type Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { quotedLine } from '../text/lines.ts';
import { createFaultCounter, type FaultCounter } from '../timing/fault-counter.ts';
import { dueTimes } from './due-times.ts';
import { fileItem, readingsOf } from './file/file-options.ts';
import {
  type Discover,
  type FileReading,
  hwmonReadings,
  iioReadings,
  oneWireReadings,
  thermalReadings,
} from './file/presets.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const presets = {
  hwmon: hwmonReadings,
  iio: iioReadings,
  'one-wire': oneWireReadings,
  thermal: thermalReadings,
} as const satisfies Readonly<Record<string, Discover>>;

const fileOptions = z.strictObject({
  files: z.array(fileItem).default([]).describe('files to read'),
  presets: z
    .array(z.enum(['hwmon', 'iio', 'one-wire', 'thermal']))
    .default([])
    .describe(
      'sensors to find: hwmon chips, iio converters and sensors, one-wire thermometers, thermal zones',
    ),
  keep: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'use only these channels, as name[unit]: others are left out, absent ones have no reading; empty = all that are there when the source is first opened',
    ),
  intervalMs: z
    .number()
    .int()
    .min(20)
    .default(1000)
    .describe('time between samples, ms; a one-wire thermometer takes 750')
    .meta({ unit: 'ms' }),
  root: z.string().default('/').describe('folder that holds sys, for presets'),
});

type FileOptions = z.infer<typeof fileOptions>;

/** Polls files. A missing file has no reading until it returns; the source fails when all are missing. */
export const fileSource: SourcePlugin<FileOptions> = {
  kind: 'file',
  summary: 'numbers in files, and sensors in /sys',
  options: fileOptions,
  create: createFileSource,
};

/** Least time between two searches for missing files under other names, e.g. another hwmon number. */
const LOOK_AGAIN_MS = 10_000;

function createFileSource(options: FileOptions, context: SourceContext): Source {
  if (options.files.length + options.presets.length === 0) {
    throw new ConfigError('source file has nothing to read: set files or presets', {
      code: 'SEN_CFG_NOTHING_TO_READ',
    });
  }
  let channels: readonly Channel[] =
    options.keep.length > 0 ? options.keep.map(parseChannel) : channelsOf(discover(options));
  return {
    id: `file:${[...options.presets, ...options.files.map(({ path }) => path)].join(',')}`,
    get channels() {
      return channels;
    },
    live: true,
    async *samples(signal) {
      if (channels.length === 0) channels = channelsOf(discover(options));
      if (channels.length === 0) {
        throw new SourceError(
          `source file: found no sensor of ${options.presets.join(', ')} and no file ${options.files.map(({ path }) => path).join(', ')}: load their drivers, or correct the paths`,
          { code: 'SEN_SRC_FILES_MISSING' },
        );
      }
      yield* poll(options, channels, context, signal);
    },
  };
}

async function* poll(
  options: FileOptions,
  channels: readonly Channel[],
  { streamId, warn = () => undefined }: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  const faults = createFaultCounter(warn);
  let readings = inOrder(discover(options), channels);
  let lookedMs = Number.NEGATIVE_INFINITY;
  try {
    for await (const timeMs of dueTimes(options.intervalMs, signal)) {
      const values = await Promise.all(readings.map((reading) => read(reading, faults)));
      const found = values.filter((value) => value !== undefined).length;
      if (found < values.length && performance.now() - lookedMs > LOOK_AGAIN_MS) {
        readings = inOrder(discover(options), channels);
        lookedMs = performance.now();
      }
      if (found === 0) throw allGone(readings, channels);
      if (signal.aborted) return;
      yield { streamId, timeMs, values: Float64Array.from(values, (value = Number.NaN) => value) };
    }
  } finally {
    faults.flush();
  }
}

/** NaN when the file has no reading, undefined when there is no file. */
async function read(
  reading: FileReading | undefined,
  faults: FaultCounter,
): Promise<number | undefined> {
  if (!reading) return undefined;
  const { path, parse } = reading;
  try {
    const text = await fileHead(path);
    const value = parse(text);
    if (value === undefined)
      faults.count(`source file: no reading in ${path}: ${quotedLine(text)}`);
    return value ?? Number.NaN;
  } catch (error) {
    if (isGone(error)) return undefined;
    faults.count(`source file: ${path} cannot be read: ${(error as Error).message}`);
    return Number.NaN;
  }
}

function discover({ files, presets: chosen, root }: FileOptions): FileReading[] {
  return [...files.flatMap(readingsOf), ...chosen.flatMap((preset) => presets[preset](root))];
}

/** Throws `ConfigError` when one channel would be read from two files. */
function channelsOf(readings: readonly FileReading[]): Channel[] {
  const files = new Map<string, string>();
  for (const { channel, path } of readings) {
    const other = files.get(channel.id);
    if (other !== undefined) {
      throw new ConfigError(
        `source file: channel '${channel.id}' is in ${other} and in ${path}: give them names of their own`,
        { code: 'SEN_CFG_CHANNEL_TWICE' },
      );
    }
    files.set(channel.id, path);
  }
  return readings.map(({ channel }) => channel);
}

function inOrder(
  readings: readonly FileReading[],
  channels: readonly Channel[],
): (FileReading | undefined)[] {
  const found = new Map(readings.map((reading) => [formatChannel(reading.channel), reading]));
  return channels.map((channel) => found.get(formatChannel(channel)));
}

function allGone(
  readings: readonly (FileReading | undefined)[],
  channels: readonly Channel[],
): SourceError {
  const first = readings.find((reading) => reading !== undefined)?.path;
  const where = first ?? channels.map(formatChannel).join(', ');
  return new SourceError(
    `source file: none of ${channels.length} files is there, the first is ${where}: check the sensors, or correct the paths`,
    { code: 'SEN_SRC_FILES_MISSING' },
  );
}

/** More than any reading; limits the memory for a huge file. */
const LONGEST_HEAD = 1 << 16;

/** The start of a file, read in as few calls as possible: each may trigger a measurement. Throws like `open`. */
async function fileHead(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(LONGEST_HEAD);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, LONGEST_HEAD - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === LONGEST_HEAD) return buffer.toString('utf8', 0, length);
    }
  } finally {
    await file.close();
  }
}

const GONE = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'ENOTDIR']);

/** Whether a file is missing, unlike one that cannot be read now. */
function isGone(error: unknown): boolean {
  return GONE.has(String((error as NodeJS.ErrnoException).code));
}
