// `sentigon evaluate`: how good each detector is on labelled series.
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { makeFolder } from '../../io/files/written-file.ts';
import { type Dataset, findDatasets, openDataset } from '../../lab/datasets/dataset.ts';
import { ORIGINS, whereToGet } from '../../lab/datasets/origins.ts';
import { blameTable } from '../../lab/evaluation/blame-table.ts';
import { openingTable } from '../../lab/evaluation/opening-table.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import { distinct } from '../../lab/evaluation/result-row.ts';
import { comparison, details, perSeries } from '../../lab/evaluation/result-table.ts';
import { contestantNames, contestantOf } from '../../lab/judging/contestants.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import type { EngineName } from '../../models/load-engine.ts';
import { type Job, seedsFor, settingsKey } from '../evaluate/job.ts';
import { readResults, remainingOf, resultsOf, writeResults } from '../evaluate/result-files.ts';
import { runJobs } from '../evaluate/run-jobs.ts';
import { listenForStop } from '../process/stop.ts';
import { DATA_ROOT_HELP, dataRoots } from './data-sets.ts';
import { engineOption } from './engine-option.ts';
import { namesOption, wholeOption } from './options.ts';
import { createProgress } from './progress.ts';

interface EvaluateOptions {
  readonly detectors: readonly string[];
  readonly datasets: readonly string[];
  readonly series: readonly string[];
  readonly dataRoot?: string;
  readonly seeds: number;
  readonly window: number | 'period';
  readonly jobs: number;
  readonly engine?: EngineName;
  readonly results: string;
  readonly resume?: true;
  readonly runs?: string;
  readonly models?: string;
  readonly perSeries?: true;
  readonly json?: true;
}

const NOTES = `
A data set is a folder under --data-root, or any folder in one of the known layouts: SMD, ASD, SKAB, NAB, TSB-AD,
the sets of the published GON, or a recording (train.csv, test.csv, labels.csv).
A detector is one of
  ${contestantNames.join(', ')}
or a detector kind, with settings: pca:windowLength=30,variance=0.8
Settings of its alerts begin with alerts: gon:alerts.falseAlarmsPerDay=0.2; with --models it is not trained again for them.
Names that end in -ahead average over all windows that cover a row, as reference programs do. A daemon cannot do this.

Where to get the public sets:
${ORIGINS.map(({ name }) => `  ${name}: ${whereToGet(name)}`).join('\n')}

Example:
  $ sentigon evaluate --detectors gon,pca,knn --datasets SMD,ASD --seeds 5`;

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .option('-d, --detectors <names>', 'separated by commas; default: all', names, [])
    .option(
      '-s, --datasets <names>',
      'separated by commas; default: all under the data root',
      namesOption,
      [],
    )
    .option('--series <names>', 'only series whose name contains one of these', namesOption, [])
    .option('--data-root <dir>', DATA_ROOT_HELP)
    .option('--seeds <n>', 'runs of each detector that draws random numbers', wholeOption, 1)
    .option(
      '--window <rows>',
      "tolerance of VUS around each event; 'period' takes the first channel's period, as TSB-AD does",
      (text) => (text === 'period' ? text : wholeOption(text)),
      100,
    )
    .option(
      '--jobs <n>',
      'detectors to run at once; with more than there are cores the times are wrong',
      wholeOption,
      1,
    )
    .addOption(engineOption())
    .option('--results <dir>', 'folder for the result rows, one file per data set', 'results')
    .option(
      '--resume',
      'skip results that --results already holds for these settings and data: continue a run that was stopped',
    )
    .option('--runs <dir>', 'also save scores, levels and alerts for sentigon report')
    .option(
      '--models <dir>',
      'keep the trained models there, and take those of the same settings, data and release instead of training again',
    )
    .option('--per-series', 'also print the results of each series')
    .option('--json', 'rows as JSON lines instead of tables')
    .addHelpText('after', NOTES)
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const stop = listenForStop();
  const progress = createProgress(process.stderr, 'evaluating', false);
  const rows: ResultRow[] = [];
  try {
    const asked = jobsOf(options);
    for (const folder of [options.results, options.runs, options.models]) {
      if (folder !== undefined) makeFolder(folder); // before an hour of training
    }
    const kept = options.resume
      ? resultsOf(asked, readResults(options.results), settingsReader())
      : [];
    rows.push(...kept);
    const jobs = remainingOf(asked, kept);
    let done = 0;
    await runJobs(jobs, {
      parallel: options.jobs,
      signal: stop.signal,
      onRow(row, job) {
        rows.push(row);
        // At once, so that a crash loses only the rows of the current job.
        writeResults(options.results, [row]);
        if (options.json) process.stdout.write(`${JSON.stringify(row)}\n`);
        if (row.seed === job.seeds.at(-1)) done++;
        progress.update(done / jobs.length, `${row.dataset}/${row.series} ${row.detector}`);
      },
    });
  } finally {
    progress.end();
    stop.release();
  }
  if (!options.json) process.stdout.write(`${report(rows, options.perSeries === true)}\n`);
}

/** Jobs of a series come one after the other: it is read once for all of them. */
function settingsReader(): (job: Job) => string {
  let newest: { readonly of: string; readonly truth: LabelledSeries } | undefined;
  return (job) => {
    const of = `${job.folder} ${job.series}`;
    if (newest?.of !== of) newest = { of, truth: openDataset(job.folder, '/').read(job.series) };
    return settingsKey(job, newest.truth);
  };
}

/** Series by series, so that a stopped run has whole series. */
function jobsOf(options: EvaluateOptions): readonly Job[] {
  const { detectors, series: wanted, seeds, window: tolerance, runs, models, engine } = options;
  const datasets = datasetsOf(options);
  if (datasets.length === 0) {
    throw new ConfigError(`no data set found. ${whereToGet('')}`, { code: 'SEN_CFG_NO_DATASET' });
  }
  const isWanted = (name: string): boolean =>
    wanted.length === 0 || wanted.some((part) => name.includes(part));
  const jobs = datasets.flatMap(({ name: dataset, folder, series }) =>
    series.filter(isWanted).flatMap((name) =>
      (detectors.length > 0 ? detectors : contestantNames).map((detector) => ({
        folder,
        dataset,
        series: name,
        detector: contestantOf(detector).name,
        seeds: seedsFor(detector, seeds),
        tolerance,
        ...(runs ? { runs } : {}),
        ...(models ? { models } : {}),
        ...(engine ? { engine } : {}),
      })),
    ),
  );
  if (jobs.length > 0) return jobs;
  const all = datasets.flatMap(({ series }) => series);
  throw new ConfigError(
    `no name of a series contains ${wanted.join(' or ')}: choose from ${all.join(', ')}`,
    { code: 'SEN_CFG_SERIES' },
  );
}

function datasetsOf({ datasets, dataRoot }: EvaluateOptions): readonly Dataset[] {
  const roots = dataRoots(dataRoot);
  return datasets.length > 0
    ? datasets.map((name) => openDataset(name, ...roots))
    : findDatasets(...roots);
}

/** Detectors with settings hold commas of their own: `a,b:x=1,y=2,c` is a, b:x=1,y=2 and c. */
function names(text: string, before: readonly string[]): readonly string[] {
  const found = [...before];
  for (const part of text.split(',').filter((word) => word !== '')) {
    const last = found.at(-1);
    if (part.includes('=') && !part.includes(':') && last?.includes(':')) {
      found[found.length - 1] = `${last},${part}`;
    } else found.push(part);
  }
  return found;
}

function report(rows: readonly ResultRow[], withSeries: boolean): string {
  const failed = rows.flatMap(({ dataset, series, detector, error }) =>
    error === undefined ? [] : [`${detector} on ${dataset}/${series}: ${error}`],
  );
  return [
    comparison(rows, 'vusPr', 'terminal'),
    ...distinct(rows, 'dataset').flatMap((dataset) =>
      [
        details(rows, dataset, 'terminal'),
        openingTable(rows, dataset, 'terminal'),
        blameTable(rows, dataset, 'terminal'),
      ].filter((table) => table !== undefined),
    ),
    ...(withSeries ? [perSeries(rows, 'terminal')] : []),
    ...(failed.length > 0 ? [failed.join('\n')] : []),
  ].join('\n\n');
}
