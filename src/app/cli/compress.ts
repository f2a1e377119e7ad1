// `sentigon compress`: makes a model smaller and faster, without training it again.
import { statSync } from 'node:fs';
import { Command } from 'commander';
import { CalibrationError, ConfigError } from '../../core/errors.ts';
import type { Series } from '../../core/series.ts';
import { medianStep } from '../../engine/statistics.ts';
import { type Compressing, compressInWorker } from '../../lab/compress.ts';
import type { Compression } from '../../lab/compression/contract.ts';
import { compressions } from '../../lab/compression/index.ts';
import { type CompressionChoice, requireCompressible } from '../../lab/compression/lean-model.ts';
import type { EngineName } from '../../models/load-engine.ts';
import type { Model } from '../../models/model.ts';
import { encodeModel } from '../../models/model-file.ts';
import { readEnvironment } from '../config/environment.ts';
import { readModel, writeDurably } from '../models/model-folder.ts';
import { listenForStop } from '../process/stop.ts';
import { labelledRecording, readRecording, recordingPath } from './data-sets.ts';
import { engineOption } from './engine-option.ts';
import { namesOption, numberOption, seedOption, settings, wholeOption } from './options.ts';
import { requireModelFile } from './output-file.ts';
import { createProgress } from './progress.ts';

interface CompressOptions {
  readonly data: string;
  readonly out: string;
  readonly method?: string;
  readonly ratio?: number;
  readonly sparsity?: number;
  readonly floor?: number;
  readonly round?: number;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly engine?: EngineName;
  readonly ignore?: readonly string[];
  readonly skipBadRows?: true;
  readonly force?: true;
  readonly json?: true;
}

const NOTES = `
Methods:
${[...compressions.values()].map(({ kind, summary, ...of }) => `  ${kind}: ${summary} (${kindsOf(of).join(', ')})`).join('\n')}

The older rows of the recording show what the networks can spare. The newest fifth is held back: both models are run on it,
as it is and with planted faults. A model that raises more false alarms or finds fewer of the faults is not written, unless
--force is given. The scales and the alert level are set anew on the newest fifth, as in a training.

Example:
  $ sentigon compress pump.safetensors --data normal.csv.gz --ratio .3 --out lean.safetensors`;

function kindsOf({ detectors, someDesignsOf = [] }: Omit<Compression, 'kind' | 'summary'>) {
  return [...detectors, ...someDesignsOf.map((kind) => `some of ${kind}`)];
}

export function compressCommand(): Command {
  return new Command('compress')
    .argument('<model>', 'model file (safetensors)')
    .requiredOption(
      '--data <recording>',
      '.csv or .csv.gz file of normal data, or the name of a data set',
    )
    .requiredOption('-o, --out <file>', 'model file to write (safetensors)')
    .option(
      '--method <name>',
      `one of ${[...compressions.keys()].join(', ')} (default: modegpt; dynatran with --sparsity or --floor)`,
    )
    .option('--ratio <share>', 'share of the parameters to remove, 0 to .8', numberOption)
    .option('--sparsity <share>', 'share of the activations to leave out', numberOption)
    .option(
      '--floor <share>',
      'leave out activations while so much of the accuracy on normal rows is kept, e.g. .98',
      numberOption,
    )
    .option(
      '--round <columns>',
      'wide parts keep multiples of so many columns, which saves time; 1 = any number (default: 16)',
      wholeOption,
    )
    .option(
      '--set <key=value>',
      "an option of the method, e.g. 'allocation=uniform'; may be repeated",
      settings,
    )
    .option('--seed <n>', 'of the faults that are planted for the trial', seedOption, 1)
    .option('--ignore <columns>', 'columns that are not channels, separated by commas', namesOption)
    .option(
      '--skip-bad-rows',
      'leave out rows that cannot be read or go back in time, and count them',
    )
    .addOption(engineOption())
    .option('--force', 'replace the file if it exists, and write a model that does worse')
    .option('--json', 'progress and result as JSON lines')
    .addHelpText('after', NOTES)
    .action(compress);
}

async function compress(path: string, options: CompressOptions): Promise<void> {
  const { out, seed, engine, json } = options;
  const choice = choiceOf(options);
  const model = await readModel(path);
  requireCompressible(model.kind, choice);
  const data = recordingPath(options.data, 'train', readEnvironment());
  await requireModelFile(options, { recording: data, 'model that is read': path });
  const stop = listenForStop();
  const progress = createProgress(json ? process.stdout : process.stderr, 'compressing', !!json);
  try {
    const recording = await readNormal(data, model, options);
    const found = await compressInWorker(
      { model, recording, choice, seed, engine },
      {
        signal: stop.signal,
        onProgress: ({ fraction, doing }) => progress.update(fraction, doing, { doing }),
      },
    );
    stop.signal.throwIfAborted();
    requireAsGood(found, options);
    const bytes = await encodeModel(found.model);
    await writeDurably(out, bytes);
    progress.end();
    const sizes = { before: statSync(path).size, after: bytes.length };
    process.stdout.write(json ? jsonResult(found, sizes, out) : result(found, model, sizes, out));
  } finally {
    progress.end();
    stop.release();
  }
}

function choiceOf({ method, set, ...flags }: CompressOptions): CompressionChoice {
  const { ratio, round, sparsity, floor } = flags;
  const prunes = sparsity !== undefined || floor !== undefined;
  const given = Object.entries({ ratio, round, sparsity, floor }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    method: method ?? (prunes ? 'dynatran' : 'modegpt'),
    options: { ...set, ...Object.fromEntries(given) },
  };
}

/** Rows at a longer interval than this, in intervals of the model, would be mostly made up between readings. */
const LONGEST_INTERVAL = 1.5;

async function readNormal(
  path: string,
  { intervalMs }: Model,
  options: CompressOptions,
): Promise<Series> {
  const events = labelledRecording(path)?.segments.length ?? 0;
  if (events > 0) {
    throw new ConfigError(
      `${path} has ${events} labelled anomalies, but a compression needs normal rows alone: name a recording without them, e.g. the part for training`,
      { code: 'SEN_CFG_COMPRESS' },
    );
  }
  const series = await readRecording(path, options);
  const usual = medianStep(series.timeMs);
  if (series.timeMs.length < 2) {
    throw new CalibrationError(
      `${path} has ${series.timeMs.length} rows: give a longer recording`,
      {
        code: 'SEN_CAL_TOO_SHORT',
      },
    );
  }
  if (usual <= LONGEST_INTERVAL * intervalMs) return series;
  throw new ConfigError(
    `${path} has a row every ${usual} ms, the model needs one every ${intervalMs} ms: name a recording at that interval`,
    { code: 'SEN_CFG_COMPRESS' },
  );
}

function requireAsGood({ trial }: Compressing, { out, force }: CompressOptions): void {
  const few = `the newest ${trial.rows} rows of the recording are too few to plant faults in`;
  const objection = trial.objection ?? (trial.planted === 0 ? few : undefined);
  if (objection === undefined) return;
  if (!force) {
    throw new ConfigError(
      `${out} is not written: ${objection}: ${trial.planted === 0 ? 'give a longer recording' : 'remove less (--ratio, --sparsity, --floor)'}, or write it anyway with --force`,
      { code: 'SEN_CFG_COMPRESS_WORSE' },
    );
  }
  process.stderr.write(`sentigon: written all the same: ${objection}\n`);
}

interface FileSizes {
  readonly before: number;
  readonly after: number;
}

function result(found: Compressing, parent: Model, sizes: FileSizes, out: string): string {
  const { model, report, trial, usPerRow, disturbed } = found;
  const { before, after } = model.card.compression?.parameters ?? { before: 0, after: 0 };
  const again = parent.card.compression
    ? `, which was compressed before by ${parent.card.compression.method},`
    : '';
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);
  const lines = [
    `${out}: ${model.kind} model ${model.id}, made from ${parent.id}${again} by ${model.card.compression?.method}`,
    `  numbers     ${before} -> ${after} (${percent(1 - after / before)} fewer; of the parts that can be narrowed ${percent(report.removed)})`,
    ...(report.pruned
      ? [
          `  left out    ${percent(report.pruned.skipped, 1)} of the multiplications; error on normal rows ${(1 / report.pruned.quality).toFixed(3)} times as high`,
        ]
      : []),
    `  file        ${kilobytes(sizes.before)} -> ${kilobytes(sizes.after)} kB`,
    `  a row       ${usPerRow.before.toFixed(1)} -> ${usPerRow.after.toFixed(1)} us (${(usPerRow.before / usPerRow.after).toFixed(2)} times as fast${disturbed ? '; other work slowed this machine' : ''})`,
    `  trial       ${trial.rows} rows: false alarms ${trial.live.falseAlarms} -> ${trial.candidate.falseAlarms}, planted faults found ${trial.live.found} -> ${trial.candidate.found} of ${trial.planted}`,
    ...report.parts
      .filter((part) => part.after < part.before)
      .map(
        ({ name, before, after, error }) =>
          `  ${name}: ${before} -> ${after} ${report.pruned?.form ?? 'columns'}, error ${percent(error, 2)}`,
      ),
    ...report.untouched.map((part) => `  ${part}: not changed`),
    `Next: sentigon replay <csv> --model ${out}`,
  ];
  return `${lines.join('\n')}\n`;
}

function jsonResult(found: Compressing, { before, after }: FileSizes, out: string): string {
  const { model, report, trial, usPerRow, disturbed } = found;
  const { id, kind, card } = model;
  const bytes = { before, after };
  return `${JSON.stringify({ model: out, kind, id, compression: card.compression, bytes, usPerRow, disturbed, trial, report })}\n`;
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
