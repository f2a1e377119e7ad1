// Which detectors err on the same trials: writes results/consistency/pairs.json and its README.
//   npx tsx scripts/consistency.ts [--seeds 5] [--models folder]     folder of `sentigon evaluate --models`: nothing is trained twice
//   npx tsx scripts/consistency.ts --page                            the README alone, from the rows
// --datasets ASD,SMD,SKAB and --detectors gon,forecaster,encoder,cnn,pca choose others; rows that are there are not measured again.
// A pair of one detector with itself has two seeds: how far two trainings of the same method agree. A variant, e.g.
// forecaster:compress=0.3, is judged beside its own detector.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { type Job, seedsFor } from '../src/app/evaluate/job.ts';
import { keptModel } from '../src/app/evaluate/kept-models.ts';
import { writeDurably } from '../src/app/models/model-folder.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { createRandom } from '../src/engine/random.ts';
import {
  compareObserved,
  type ObservedSeries,
  observeSeries,
} from '../src/lab/comparing/comparison.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { contestantOf } from '../src/lab/judging/contestants.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { consistencyPage } from './consistency/page.ts';
import { keyOf, type PairRow, rowOf } from './consistency/rows.ts';

const FOLDER = 'results/consistency';
const ROWS = join(FOLDER, 'pairs.json');
/** As `sentigon compare`: 15 rows a trial, 2 % of normal trials may alarm. */
const TRIALS = { size: 15, falseRate: 0.02 };
/** `sentigon evaluate` without --window: part of what its kept models are named by. */
const TOLERANCE = 100;

const { values } = commandLine({
  options: {
    seeds: { type: 'string', default: '5' },
    models: { type: 'string' },
    page: { type: 'boolean', default: false },
    datasets: { type: 'string', default: 'ASD,SMD,SKAB' },
    detectors: { type: 'string', default: 'gon,forecaster,encoder,cnn,pca' },
    'data-root': { type: 'string' },
  },
});
const seeds = wholeNumber('seeds', values.seeds, 1);
const names = values.detectors.split(',');
const rows: PairRow[] = existsSync(ROWS) ? JSON.parse(readFileSync(ROWS, 'utf8')) : [];
mkdirSync(FOLDER, { recursive: true });
if (!values.page) {
  for (const dataset of values.datasets.split(',')) await compareAll(dataset);
}
await writeDurably(join(FOLDER, 'README.md'), Buffer.from(consistencyPage(rows)));

interface Observer {
  readonly name: string;
  readonly seed: number;
}

/** Every pair of detectors with the same seed, and each detector's seed with its next one. */
async function compareAll(dataset: string): Promise<void> {
  const observed = new Map<string, Promise<readonly ObservedSeries[]>>();
  const seen = ({ name, seed }: Observer): Promise<readonly ObservedSeries[]> => {
    const own = { name, seed: seedsFor(name, seeds).includes(seed) ? seed : 1 };
    const key = `${own.name} ${own.seed}`;
    const found = observed.get(key) ?? observe(dataset, own);
    observed.set(key, found);
    return found;
  };
  for (const [a, b] of pairsOf()) {
    const pair = { dataset, a: a.name, b: b.name, seedA: a.seed, seedB: b.seed };
    if (rows.some((row) => keyOf(row) === keyOf(pair))) continue;
    const found = compareObserved(await seen(a), await seen(b), createRandom(a.seed));
    if (!found) {
      console.error(
        `${dataset}: ${a.name} ${a.seed} and ${b.name} ${b.seed} are left out: no series has enough normal rows for a level of both`,
      );
      continue;
    }
    rows.push(rowOf(pair, found));
    await writeDurably(ROWS, Buffer.from(`${JSON.stringify(rows, null, 1)}\n`));
    console.error(
      `${dataset}: ${a.name} ${a.seed} and ${b.name} ${b.seed}: kappa ${found.kappa.toFixed(3)}`,
    );
  }
}

function* pairsOf(): Generator<readonly [Observer, Observer]> {
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [place, name] of names.entries()) {
      for (const other of names.slice(place + 1))
        yield [
          { name, seed },
          { name: other, seed },
        ];
      if (seeds > 1 && contestantOf(name).seeded)
        yield [
          { name, seed },
          { name, seed: (seed % seeds) + 1 },
        ];
    }
  }
}

async function observe(
  dataset: string,
  { name, seed }: Observer,
): Promise<readonly ObservedSeries[]> {
  const data = openDataset(dataset, ...dataRoots(values['data-root']));
  const kernels = await loadKernels();
  const signal = new AbortController().signal;
  const found: ObservedSeries[] = [];
  for (const series of data.series) {
    const truth = data.read(series);
    const job: Job = {
      folder: data.folder,
      dataset: data.name,
      series,
      detector: name,
      seeds: [seed],
      tolerance: TOLERANCE,
      ...(values.models === undefined ? {} : { models: values.models }),
    };
    const { reuse } = keptModel(job, seed, truth);
    const one = await observeSeries(truth, contestantOf(name), TRIALS, {
      kernels,
      seed,
      signal,
      reuse,
    });
    if (one) found.push(one);
  }
  return found;
}
