// `sentigon train`: trains a model from a recording.
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { formatChannel } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { judgedLesson } from '../../detection/lesson.ts';
import { detectors } from '../../detectors/index.ts';
import { medianStep } from '../../engine/statistics.ts';
import { trainInWorker } from '../../lab/training.ts';
import type { EngineName } from '../../models/load-engine.ts';
import { type Model, watchedRates } from '../../models/model.ts';
import { readEnvironment } from '../config/environment.ts';
import { lessonWords } from '../models/lesson-text.ts';
import { writeModel } from '../models/model-folder.ts';
import { listenForStop } from '../process/stop.ts';
import { readRecording, recordingPath } from './data-sets.ts';
import { engineOption } from './engine-option.ts';
import { namesOption, numberOption, seedOption, settings } from './options.ts';
import { requireModelFile } from './output-file.ts';
import { createProgress } from './progress.ts';

interface TrainOptions {
  readonly out: string;
  readonly detector: string;
  readonly seed: number;
  readonly interval?: number;
  readonly engine?: EngineName;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly ignore?: readonly string[];
  readonly skipBadRows?: true;
  readonly calm?: true;
  readonly force?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  $ sentigon train normal.csv.gz --out pump.safetensors
  The file holds normal data: a time column, then one column per channel, e.g. "time,flow[l/min],temp[C]".
  For the formats of times see sentigon replay --help.`;

export function trainCommand(): Command {
  return new Command('train')
    .argument('<recording>', '.csv or .csv.gz file of normal data, or the name of a data set')
    .requiredOption('-o, --out <file>', 'model file to write (safetensors)')
    .option('-d, --detector <kind>', `one of ${[...detectors.keys()].join(', ')}`, 'gon')
    .option('--seed <n>', 'same data, options and seed give the same model', seedOption, 1)
    .option('--interval <ms>', 'time between rows (default: as recorded)', numberOption)
    .option('--set <key=value>', "a training option, e.g. 'steps=500'; may be repeated", settings)
    .option('--ignore <columns>', 'columns that are not channels, separated by commas', namesOption)
    .option(
      '--skip-bad-rows',
      'leave out rows that cannot be read or go back in time, and count them',
    )
    .option(
      '--calm',
      'train only on calm rows: without loads, outliers and pauses that do not recur',
    )
    .addOption(engineOption())
    .option(
      '--force',
      'replace the model file if it exists (default: ask on a terminal, else refuse)',
    )
    .option('--json', 'progress and result as JSON lines')
    .addHelpText('after', EXAMPLE)
    .action(train);
}

async function train(name: string, options: TrainOptions): Promise<void> {
  const path = recordingPath(name, 'train', readEnvironment());
  await requireModelFile(options, { recording: path });
  const stop = listenForStop();
  const progress = createProgress(
    options.json ? process.stdout : process.stderr,
    'training',
    options.json === true,
  );
  try {
    const series = lessonOf(await readRecording(path, options), path, options);
    const model = await trainInWorker(options.detector, series, options.set ?? {}, {
      seed: options.seed,
      intervalMs: options.interval ?? requireInterval(series),
      engine: options.engine,
      signal: stop.signal,
      onProgress: ({ fraction, step, steps, loss }) =>
        progress.update(fraction, `step ${step} of ${steps}, loss ${loss.toFixed(3)}`, {
          step,
          steps,
          loss,
        }),
    });
    stop.signal.throwIfAborted();
    await writeModel(options.out, model);
    progress.end();
    process.stdout.write(
      options.json ? jsonResult(model, options.out) : result(model, options.out),
    );
  } finally {
    progress.end();
    stop.release();
  }
}

/** A smaller share of calm rows gives a warning. */
const MOSTLY_CALM = 0.95;

/** All rows, as told, or those that are calm; says on standard error when many are not. */
function lessonOf(series: Series, path: string, { calm: calmOnly }: TrainOptions): Series {
  const { calm, doubts } = judgedLesson(series);
  const share = calm.timeMs.length / Math.max(1, series.timeMs.length);
  const drifts = doubts.some(({ change }) => change === 'drifting');
  if (doubts.length > 0 && (share < MOSTLY_CALM || drifts)) {
    const percent = Math.floor(100 * share);
    const learnt = calmOnly
      ? 'the others are not used'
      : 'training uses all rows, with --calm only the calm ones';
    process.stderr.write(
      `sentigon: ${path}: ${percent} % of its rows are calm (${lessonWords(doubts)}): ${learnt}\n`,
    );
  }
  return calmOnly ? calm : series;
}

/** Median time between rows, milliseconds. */
function requireInterval(series: Series): number {
  const found = medianStep(series.timeMs);
  if (found > 0) return found;
  throw new ConfigError(
    `${series.id}: found ${series.timeMs.length} rows, which do not suffice to find the time between rows: set --interval`,
    { code: 'SEN_CFG_NO_INTERVAL' },
  );
}

function result(model: Model, out: string): string {
  const { kind, id, channels, windowLength, intervalMs, card } = model;
  const rates = watchedRates(model).map(formatChannel).join(', ');
  const told = rates === '' ? '' : `Counters, watched by their rate: ${rates}\n`;
  return `${out}: ${kind} model ${id}, ${channels.length} channels, windows of ${windowLength} rows at ${intervalMs} ms, from ${card.rows} rows in ${card.durationS.toFixed(1)} s
${told}Next: sentigon replay <csv> --model ${out}
`;
}

function jsonResult(model: Model, out: string): string {
  const { kind, id, windowLength, intervalMs, card } = model;
  const { rows, seed, durationS, finalLosses } = card;
  const rates = watchedRates(model).map(formatChannel);
  return `${JSON.stringify({ model: out, kind, id, channels: model.channels.length, rates, windowLength, intervalMs, rows, seed, durationS, finalLosses })}\n`;
}
