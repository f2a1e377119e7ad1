// `sentigon compare`: whether a second detector adds information or repeats the first one's errors.
import { Command } from 'commander';
import { CalibrationError } from '../../core/errors.ts';
import { loadKernels } from '../../engine/kernels/load.ts';
import { type Comparison, compareOn } from '../../lab/comparing/comparison.ts';
import { type Dataset, openDataset } from '../../lab/datasets/dataset.ts';
import { contestantOf } from '../../lab/judging/contestants.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { comparisonText } from '../evaluate/comparison-text.ts';
import { listenForStop } from '../process/stop.ts';
import { DATA_ROOT_HELP, dataRoots } from './data-sets.ts';
import { numberOption, seedOption } from './options.ts';

interface CompareOptions {
  readonly dataset: string;
  readonly dataRoot?: string;
  readonly seed: number;
  readonly trial: number;
  readonly falseRate: number;
  readonly json?: true;
}

const NOTES = `
Trials are windows that do not overlap. A detector alarms when any row of the trial exceeds the level that the given
share of held-out normal trials exceeds. Kappa is 0 for errors that coincide as often as independent ones.

Example:
  $ sentigon compare gon pca --dataset ASD`;

export function compareCommand(): Command {
  return new Command('compare')
    .argument('<a>', 'a detector, as sentigon evaluate names it')
    .argument('<b>', 'another')
    .requiredOption(
      '-s, --dataset <name>',
      'folder under the data root, or any folder in a known layout',
    )
    .option('--data-root <dir>', DATA_ROOT_HELP)
    .option('--seed <n>', 'seed of training and of resampling', seedOption, 1)
    .option('--trial <rows>', 'rows of a trial', numberOption, 15)
    .option('--false-rate <share>', 'share of normal trials that may alarm', numberOption, 0.02)
    .option('--json', 'result as one JSON object')
    .addHelpText('after', NOTES)
    .action(compare);
}

async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  const stop = listenForStop();
  try {
    const dataset = openDataset(options.dataset, ...dataRoots(options.dataRoot));
    const pair = [contestantOf(a), contestantOf(b)] as const;
    const found = await compareOn(
      seriesOf(dataset),
      pair,
      { size: options.trial, falseRate: options.falseRate },
      { kernels: await loadKernels(), seed: options.seed, signal: stop.signal },
    );
    if (!found) {
      throw new CalibrationError(
        `no series of ${dataset.name} has enough normal rows to set a level with trials of ${options.trial}: set --trial lower`,
        { code: 'SEN_CAL_TOO_SHORT' },
      );
    }
    process.stdout.write(`${options.json ? asJson(a, b, found) : comparisonText(a, b, found)}\n`);
  } finally {
    stop.release();
  }
}

/** One at a time: all of a large set would not fit into memory. */
function* seriesOf(dataset: Dataset): Generator<LabelledSeries> {
  for (const name of dataset.series) yield dataset.read(name);
}

function asJson(a: string, b: string, found: Comparison): string {
  return JSON.stringify({ a, b, ...found });
}
