// What each part of the decision from score to alert earns: trains a detector on each series and scores its test part once,
// then plays the scores through the default alert level, through variants of it with a part left out, and through other
// thresholds. Prints a table for each data set, as `sentigon evaluate` does, one over all sets, and which share of the alerts of
// the default was right, by how far they were beyond what had been seen. Mean over seeds. A
// threshold that needs more calibration scores than a series has is silent there.
//   npx tsx scripts/decision-ablation.ts [--all] [--plan] [--detector gon] [--seeds 1] [--only ASD,SMD]
//     [--data-root DIR] [--models DIR] [--resume] [--cache DIR] [--out results/decisions]
// --all takes every series under the data root and those of the package; otherwise those that settings are chosen on
// (selection-split.ts). --plan plays other constants of the default instead. --models takes the models that `sentigon evaluate
// --models DIR` kept of the same settings, data and release, and keeps what is trained there. --resume keeps the scores in --cache, a folder
// in the temp folder by default, and takes from there what was made by the same settings, data and release. --out writes
// the tables and their figures into a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { seedsFor } from '../src/app/evaluate/job.ts';
import { KnownError } from '../src/core/errors.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { findDatasets, openDataset } from '../src/lab/datasets/dataset.ts';
import { openingTable } from '../src/lab/evaluation/opening-table.ts';
import type { ResultRow } from '../src/lab/evaluation/result-row.ts';
import { distinct } from '../src/lab/evaluation/result-row.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import { evidenceTable, type JudgedAlert, judgedAlerts } from './decision-ablation/evidence.ts';
import { play } from './decision-ablation/play.ts';
import { cachedScores, keptFor, type ScoreJob, scoresOf } from './decision-ablation/scores.ts';
import { figuresOf, overview, type VariantFigures } from './decision-ablation/summary.ts';
import { PARTS, PLAN } from './decision-ablation/variants.ts';
import { SELECTION } from './selection-split.ts';

const { values } = commandLine({
  options: {
    all: { type: 'boolean', default: false },
    plan: { type: 'boolean', default: false },
    detector: { type: 'string', default: 'gon' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string' },
    'data-root': { type: 'string' },
    models: { type: 'string' },
    resume: { type: 'boolean', default: false },
    cache: { type: 'string', default: join(tmpdir(), 'sentigon-decisions') },
    out: { type: 'string' },
  },
});
if (values.plan && values.all)
  refuse('--plan and --all: constants are chosen on the selection series alone, leave one out');
const seeds = wholeNumber('seeds', values.seeds, 1);
const only = values.only?.split(',');
const variants = values.plan ? PLAN : PARTS;
const roots = dataRoots(values['data-root']);
const kernels = await loadKernels();

const isWanted = (dataset: string, series: string): boolean =>
  values.all || SELECTION.get(dataset)?.(series) === true;

function jobs(): readonly ScoreJob[] {
  const datasets = values.all
    ? findDatasets(...roots)
    : [...SELECTION.keys()].map((name) => openDataset(name, ...roots));
  return datasets
    .filter(({ name }) => only?.includes(name) ?? true)
    .flatMap(({ name: dataset, folder, series }) =>
      series
        .filter((name) => isWanted(dataset, name))
        .flatMap((name) =>
          seedsFor(values.detector, seeds).map((seed) => ({
            ...{ folder, dataset, series: name, detector: values.detector, seed },
            ...(values.models && { models: values.models }),
          })),
        ),
    );
}

/** Alerts of the default. */
const judged: JudgedAlert[] = [];

/** A row a variant; none where the detector cannot be trained, which is told. */
async function rowsOf(job: ScoreJob): Promise<readonly ResultRow[]> {
  const truth = openDataset(job.folder, '/').read(job.series);
  try {
    const scores = values.resume
      ? await cachedScores(values.cache, job, truth, kernels)
      : await scoresOf(job, truth, kernels, keptFor(job, truth));
    const [standard] = variants;
    if (standard) judged.push(...judgedAlerts(standard, scores, truth));
    return variants.map((variant) => play(variant, scores, truth, job));
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    process.stderr.write(`${job.dataset}/${job.series}, seed ${job.seed}: ${error.message}\n`);
    return [];
  }
}

/** The tables, and the figures a line each. */
function write(folder: string, text: string, figures: readonly VariantFigures[]): void {
  const command = [
    'npx tsx scripts/decision-ablation.ts',
    ...(values.all ? ['--all'] : []),
    ...(values.plan ? ['--plan'] : []),
    ...(only ? ['--only', only.join(',')] : []),
    `--detector ${values.detector} --seeds ${seeds}`,
  ].join(' ');
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toFixed(5)) : value;
  const lines = figures.map((each) => `  ${JSON.stringify(each, rounded)}`).join(',\n');
  const file = join(folder, values.all ? 'all' : values.plan ? 'plan' : 'selection');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${file}.json`,
    `{"command": ${JSON.stringify(command)}, "figures": [\n${lines}\n]}\n`,
  );
  writeFileSync(`${file}.md`, `\`${command}\`\n\n${text}\n`);
}

const rows: ResultRow[] = [];
for (const job of jobs()) {
  process.stderr.write(`${job.dataset}/${job.series}, seed ${job.seed}\n`);
  rows.push(...(await rowsOf(job)));
}
if (rows.length === 0) refuse('no series could be scored: see --only and --data-root');
const figures = figuresOf(rows);
const tables = distinct(rows, 'dataset').flatMap(
  (name) => openingTable(rows, name, 'markdown') ?? [],
);
const text = [overview(figures), evidenceTable(judged), ...tables].join('\n\n');
process.stdout.write(`${text}\n`);
if (values.out) write(values.out, text, figures);
