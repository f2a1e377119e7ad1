// One JSON object per line on standard input: {"time": ..., "values": {...}}, or the values beside the time.
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { type Channel, parseChannel, type Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { isObject, type JsonObject, parseJson } from '../text/json.ts';
import { excerpt, lineBatches } from '../text/lines.ts';
import { detectTimeUnit, parseTime, type TimeUnit, timeTextFault } from '../text/time-text.ts';
import { createFaultCounter } from '../timing/fault-counter.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const stdinOptions = z.strictObject({
  channels: z
    .array(z.string().min(1))
    .default([])
    .describe('channels as name[unit]; empty = the names in the first line that can be read'),
  timeUnit: z
    .enum(['auto', 's', 'ms', 'us', 'ns', 'iso'])
    .default('auto')
    .describe(
      'Unix seconds, milliseconds, microseconds, nanoseconds, ISO 8601, or auto: ISO 8601, and numbers as seconds or milliseconds by their size',
    ),
});

type StdinOptions = z.infer<typeof stdinOptions>;

/** Reads the output of another program. Lines that cannot be read are counted and reported; other lines are not affected. */
export const stdinSource: SourcePlugin<StdinOptions> = {
  kind: 'stdin',
  summary: 'JSON lines on standard input',
  options: stdinOptions,
  create: createStdinSource,
};

function createStdinSource(options: StdinOptions, context: SourceContext): Source {
  const { streamId, warn = () => undefined, input = process.stdin } = context;
  let channels = options.channels.map(parseChannel);
  return {
    id: 'stdin',
    get channels() {
      return channels;
    },
    live: true,
    async *samples(signal) {
      const faults = createFaultCounter(warn);
      try {
        for await (const { first, lines } of linesUntil(input, signal)) {
          for (const [index, line] of lines.entries()) {
            const sample = readLine(line, (what) =>
              faults.count(`stdin line ${first + index} ${what}`),
            );
            if (sample) yield { streamId, ...sample };
          }
        }
      } finally {
        faults.flush();
      }
    },
  };

  function readLine(line: string, fault: (what: string) => undefined): Reading | undefined {
    if (line.trim() === '') return undefined;
    const record = parseRecord(line);
    if (!record) return fault(`is not a JSON object: ${excerpt(line)}`);
    const timeMs = readTime(record.time, options.timeUnit);
    if (typeof timeMs === 'string') return fault(timeMs);
    if (channels.length === 0) channels = discover(record.values);
    if (channels.length === 0) return fault(`has no numbers: ${excerpt(line)}`);
    return { timeMs, values: readValues(record.values, channels, fault) };
  }
}

type Reading = Pick<Sample, 'timeMs' | 'values'>;

async function* linesUntil(input: Readable, signal: AbortSignal): ReturnType<typeof lineBatches> {
  if (signal.aborted) return;
  const stop = (): void => void input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* lineBatches(input, 'stdin');
  } catch (cause) {
    if (signal.aborted) return; // the abort has destroyed the input
    if (cause instanceof SourceError) throw cause;
    throw new SourceError(`stdin cannot be read: ${(cause as Error).message}`, {
      code: 'SEN_SRC_STDIN',
      cause,
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface LineRecord {
  readonly time: unknown;
  readonly values: JsonObject;
}

function parseRecord(line: string): LineRecord | undefined {
  const parsed = jsonOrNothing(line);
  if (!isObject(parsed)) return undefined;
  const { time, values, ...flat } = parsed;
  return { time, values: isObject(values) ? values : flat };
}

function jsonOrNothing(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined; // the caller counts it
  }
}

/** Unix milliseconds, or the fault. A line without a time gets the time of its arrival. */
function readTime(time: unknown, chosen: StdinOptions['timeUnit']): number | string {
  if (time === undefined || time === null) return Date.now();
  const text = String(time).trim();
  const unit = chosen === 'auto' ? usualUnit(text) : chosen;
  const timeMs = parseTime(text, unit);
  if (timeMs !== undefined) return timeMs;
  const expected = chosen === 'auto' && unit === 'iso' ? undefined : unit;
  return `has the time '${excerpt(text)}', ${timeTextFault(text, expected, 'set timeUnit, or ')}`;
}

/** In a single line a finer unit is more often a fault than intended: the configuration has to name it. */
function usualUnit(text: string): TimeUnit {
  const unit = detectTimeUnit(text);
  return unit === 'iso' || unit === 's' ? unit : 'ms';
}

function discover(values: JsonObject): Channel[] {
  return Object.entries(values)
    .filter(([, value]) => typeof value === 'number' || value === null)
    .map(([name]) => parseChannel(name));
}

function readValues(
  values: JsonObject,
  channels: readonly Channel[],
  fault: (what: string) => void,
): Float64Array {
  return Float64Array.from(channels, ({ id, unit }) => {
    const value = values[id] ?? values[`${id}[${unit}]`] ?? null;
    if (value === null) return Number.NaN;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    fault(`has ${JSON.stringify(value)} for channel '${id}', expected a number or null`);
    return Number.NaN;
  });
}
