// A recorded file, replayed as fast as possible or at a multiple of its own speed.
import { z } from 'zod';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { type CsvFile, openCsv } from '../csv/file.ts';
import { csvFormatShape } from '../csv/format.ts';
import { pause } from '../timing/back-off.ts';
import { createFaultCounter } from '../timing/fault-counter.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const csvOptions = z.strictObject({
  path: z
    .string()
    .describe('.csv or .csv.gz file; header: time, then one column per channel as name[unit]'),
  speed: z
    .number()
    .nonnegative()
    .default(0)
    .describe('1 = as recorded, 60 = a minute per second, 0 = as fast as possible'),
  ...csvFormatShape,
});

type CsvOptions = z.infer<typeof csvOptions>;

/** Replays a recording; ends with the file. */
export const csvSource: SourcePlugin<CsvOptions> = {
  kind: 'csv',
  summary: 'replays a .csv or .csv.gz file',
  options: csvOptions,
  create: createCsvSource,
};

function createCsvSource({ path, speed, ...format }: CsvOptions, context: SourceContext): Source {
  const faults = createFaultCounter(context.warn ?? (() => undefined));
  const file = openCsv(path, format, faults.count);
  return {
    id: `csv:${path}`,
    channels: file.channels,
    live: false,
    async *samples(signal) {
      try {
        yield* replay(file, context.streamId, speed, signal);
      } finally {
        faults.finish(path);
      }
    },
  };
}

async function* replay(
  file: CsvFile,
  streamId: string,
  speed: number,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  const startMs = performance.now();
  let firstMs: number | undefined;
  for await (const rows of file.rows()) {
    for (const { timeMs, values } of rows) {
      if (speed > 0) {
        firstMs ??= timeMs;
        await waitUntil(startMs + (timeMs - firstMs) / speed, signal);
      }
      if (signal.aborted) return;
      yield { streamId, timeMs, values };
    }
  }
}

/** Returns early when aborted, and at once for a time in the past. */
async function waitUntil(dueMs: number, signal: AbortSignal): Promise<void> {
  const waitMs = dueMs - performance.now();
  if (waitMs < 1) return;
  await pause(waitMs, signal);
}
