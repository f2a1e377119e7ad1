// The output of another program: run at each interval, or started once and read line by line.
import { z } from 'zod';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { outputOf, startChild } from '../process/child-process.ts';
import { endingError } from '../process/program-ending.ts';
import { createValueReader, type ValueReader, valueReaderShape } from '../text/value-reader.ts';
import { createFaultCounter } from '../timing/fault-counter.ts';
import { dueTimes } from './due-times.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const execOptions = z.strictObject({
  command: z
    .array(z.string())
    .min(1)
    .describe('program and arguments, each its own item; no shell reads them'),
  mode: z
    .enum(['poll', 'lines'])
    .default('poll')
    .describe(
      'poll: run it at each interval, all it prints is one reading; lines: run it once, each line is a reading',
    ),
  intervalMs: z
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('time between runs, ms')
    .meta({ unit: 'ms' }),
  timeoutMs: z
    .number()
    .int()
    .positive()
    .default(5000)
    .describe('a run that takes longer is killed and has failed, ms')
    .meta({ unit: 'ms' }),
  ...valueReaderShape,
});

type ExecOptions = z.infer<typeof execOptions>;

/** Runs a program. One that fails ends the source with its exit code and last line; the daemon tries again. */
export const execSource: SourcePlugin<ExecOptions> = {
  kind: 'exec',
  summary: 'numbers, JSON or key=value that a program prints',
  options: execOptions,
  create: createExecSource,
};

const WHERE = 'source exec';

function createExecSource(options: ExecOptions, context: SourceContext): Source {
  const { streamId, warn = () => undefined } = context;
  const faults = createFaultCounter(warn);
  const reader = createValueReader(options, WHERE, faults);
  const readings = options.mode === 'poll' ? polled : printed;
  return {
    id: `exec:${options.command[0]}`,
    get channels() {
      return reader.channels;
    },
    live: true,
    async *samples(signal) {
      try {
        for await (const reading of readings(options, reader, signal)) {
          if (signal.aborted) return;
          yield { streamId, ...reading };
        }
      } finally {
        faults.flush();
      }
    },
  };
}

type Reading = Pick<Sample, 'timeMs' | 'values'>;

async function* polled(
  { command, intervalMs, timeoutMs }: ExecOptions,
  reader: ValueReader,
  signal: AbortSignal,
): AsyncGenerator<Reading> {
  for await (const timeMs of dueTimes(intervalMs, signal)) {
    const text = await outputOf(command, { where: WHERE, timeoutMs, signal }).catch(
      (error: unknown) => {
        if (!signal.aborted) throw error;
        return '';
      },
    );
    const values = signal.aborted ? undefined : reader.read(text);
    if (values) yield { timeMs, values };
  }
}

async function* printed(
  { command }: ExecOptions,
  reader: ValueReader,
  signal: AbortSignal,
): AsyncGenerator<Reading> {
  if (signal.aborted) return;
  const child = startChild(command, WHERE, signal);
  try {
    for await (const { lines } of child.lines) yield* reader.readLines(lines);
    const ending = await child.ended;
    if (!signal.aborted) throw endingError(WHERE, command, ending);
  } finally {
    await child.stop();
  }
}
