// `sentigon record`: writes the samples of a source to a CSV file, to train on or to replay.

import { Command } from 'commander';
import { lookUp, parseOptions } from '../../core/registry.ts';
import type { Source } from '../../core/source.ts';
import { type CsvWriter, createCsvWriter } from '../../io/csv/writer.ts';
import { sources } from '../../io/sources/index.ts';
import { learntPart } from '../compose/channels.ts';
import { refuseToOverwrite } from '../init/write-start.ts';
import { listenForStop } from '../process/stop.ts';
import { numberOption, settings } from './options.ts';
import { createProgress, type Progress } from './progress.ts';

interface RecordOptions {
  readonly source: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly seconds?: number;
  readonly force?: true;
  readonly json?: true;
}

const EXAMPLE = `
Examples:
  $ sentigon record host.csv.gz --seconds 3600      an hour of this machine, a row a second
  $ sentigon record pump.csv --source stdin < readings.jsonl
Ctrl-C ends the recording; the file then holds all rows read so far.`;

export function recordCommand(): Command {
  return new Command('record')
    .argument('<file>', '.csv or .csv.gz file to write')
    .option('-s, --source <kind>', `one of ${[...sources.keys()].join(', ')}`, 'host')
    .option(
      '--set <key=value>',
      "an option of the source, e.g. 'intervalMs=500'; may be repeated",
      settings,
      {},
    )
    .option('--seconds <n>', 'stop after this time (default: at Ctrl-C)', numberOption)
    .option('--force', 'replace the file if it exists')
    .option('--json', 'progress and result as JSON lines')
    .addHelpText('after', EXAMPLE)
    .action(record);
}

async function record(file: string, options: RecordOptions): Promise<void> {
  refuseToOverwrite(file, options.force === true); // before the source is opened
  const plugin = lookUp(sources, options.source, '--source');
  const json = options.json === true;
  const progress = createProgress(json ? process.stdout : process.stderr, 'recording', json);
  const source = plugin.create(parseOptions(plugin.options, options.set, `source ${plugin.kind}`), {
    streamId: options.source,
    warn(message) {
      progress.end();
      process.stderr.write(`${message}\n`);
    },
  });
  const stop = listenForStop();
  const target = { file, overwrite: options.force === true };
  const seconds = options.seconds ?? Number.POSITIVE_INFINITY;
  try {
    const rows = await copy(source, target, seconds, progress, stop.signal);
    progress.end();
    const part = learntPart(source);
    process.stdout.write(json ? jsonResult(file, rows, part) : result(file, rows, part));
  } finally {
    progress.end();
    stop.release();
  }
}

/** Writes samples until the source ends, the time is up or the signal aborts; returns how many. */
async function copy(
  source: Source,
  { file, overwrite }: { readonly file: string; readonly overwrite: boolean },
  seconds: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  const timeUp = Number.isFinite(seconds) ? [AbortSignal.timeout(seconds * 1000)] : [];
  const startMs = performance.now();
  let writer: CsvWriter | undefined;
  let part: ReturnType<typeof learntPart> | undefined;
  let rows = 0;
  try {
    for await (const sample of source.samples(AbortSignal.any([signal, ...timeUp]))) {
      // Only now, because a source knows its channels once it is open.
      part ??= learntPart(source);
      writer ??= await createCsvWriter(file, part.channels, { overwrite });
      writer.write(part.of(sample));
      rows++;
      const elapsedS = (performance.now() - startMs) / 1000;
      progress.update(Math.min(1, elapsedS / seconds), `${rows} rows`, { rows });
    }
  } finally {
    await writer?.close();
  }
  return rows;
}

function result(file: string, rows: number, { channels }: Pick<Source, 'channels'>): string {
  if (rows === 0) return 'no sample arrived: nothing was written\n';
  return `${file}: ${rows} rows of ${channels.length} channels
Next: sentigon train ${file} --out model.safetensors
`;
}

function jsonResult(file: string, rows: number, { channels }: Pick<Source, 'channels'>): string {
  return `${JSON.stringify({ file, rows, channels: channels.length })}\n`;
}
