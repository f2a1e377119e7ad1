// A meter that reads the CSV log which the program of an external meter writes during the measurement.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DeviceError } from '../../../core/errors.ts';
import type { ProfilerHost } from '../host.ts';
import type { Meter, MeterPlugin } from './meter.ts';
import { lostMeter, type PowerSample, traceOf } from './polled-meter.ts';

const options = z.strictObject({
  path: z.string().min(1).optional().describe('file that the program writes; required'),
  time: z
    .string()
    .default('time')
    .describe('column of the time: seconds or milliseconds since 1970, or ISO 8601'),
  power: z.string().default('power').describe('column of the power').meta({ unit: 'W' }),
  aheadMs: z
    .number()
    .default(0)
    .describe("by how much the meter's clock is ahead of this machine's")
    .meta({ unit: 'ms' }),
});

type Options = z.infer<typeof options>;

/** How long a program may buffer lines before it writes them, and the polling interval, milliseconds. */
const PATIENCE_MS = 5000;
const LOOK_MS = 100;

/** Seconds since 1970 are below this until the year 5138; milliseconds are above it since 1973. */
const LEAST_MS = 1e11;

/** Indices of the columns of a log. */
interface Columns {
  readonly separator: string;
  readonly time: number;
  readonly power: number;
}

export const csvLog: MeterPlugin<Options> = {
  kind: 'csv-log',
  summary: 'a CSV file that the program of an external meter writes, aligned by its times',
  options,
  detect: (chosen, host) => {
    const { path } = chosen;
    if (path === undefined) return undefined;
    const columns = columnsOf(linesFrom(path, 0)[0] ?? '', chosen);
    return meterOf(path, columns, chosen.aheadMs, host);
  },
};

function columnsOf(header: string, { path, time, power }: Options): Columns {
  const separator = header.includes(';') ? ';' : ',';
  const names = cellsOf(header, separator);
  const missing = [time, power].filter((name) => !names.includes(name));
  if (missing.length === 0) {
    return { separator, time: names.indexOf(time), power: names.indexOf(power) };
  }
  throw new DeviceError(
    `${path} has no column ${missing.join(', ')}, but ${names.join(', ')}: name its columns`,
    { code: 'SEN_DEV_METER' },
  );
}

function meterOf(path: string, columns: Columns, aheadMs: number, { nowMs }: ProfilerHost): Meter {
  return {
    kind: 'csv-log',
    id: path,
    covers: 'what the external meter measures',
    start() {
      const startMs = nowMs();
      const offset = fileSize(path);
      const samples = (): readonly PowerSample[] =>
        linesFrom(path, offset).flatMap((line) => sampleOf(line, columns, aheadMs) ?? []);
      return {
        async stop() {
          const endMs = nowMs();
          for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
            const found = samples();
            if ((found.at(-1)?.timeMs ?? 0) >= endMs) return traceOf(found, startMs, endMs);
            await pause(LOOK_MS);
          }
          throw lostMeter({ kind: 'csv-log', id: path });
        },
      };
    },
  };
}

function sampleOf(
  line: string,
  { separator, time, power }: Columns,
  aheadMs: number,
): PowerSample | undefined {
  const cells = cellsOf(line, separator);
  const timeMs = millisecondsOf(cells[time] ?? '');
  const powerW = Number.parseFloat(cells[power] ?? '');
  // The first and the last line may be incomplete.
  if (!Number.isFinite(timeMs) || !Number.isFinite(powerW)) return undefined;
  return { timeMs: timeMs - aheadMs, powerW };
}

function millisecondsOf(text: string): number {
  if (!/^[\d.]+$/.test(text)) return Date.parse(text);
  const number = Number(text);
  return number < LEAST_MS ? number * 1000 : number;
}

function cellsOf(line: string, separator: string): readonly string[] {
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/** Size of the log in bytes. Throws `DeviceError` where the file cannot be read. */
function fileSize(path: string): number {
  return opened(path, (file) => fstatSync(file).size);
}

/** Complete lines after the given number of bytes. Throws `DeviceError` likewise. */
function linesFrom(path: string, offset: number): readonly string[] {
  const bytes = opened(path, (file) => {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  });
  return bytes.toString('utf8').split(/\r?\n/).slice(0, -1);
}

function opened<T>(path: string, use: (file: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new DeviceError(
      `the log of the meter, ${path}, cannot be read: start the program that writes it`,
      { code: 'SEN_DEV_METER', cause },
    );
  }
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}
