// Trains every design of a proof space with each seed, and writes what came of it. Goes on where it was stopped; one
// core needs an hour or two.
//   npx tsx scripts/proof-space.ts [--family encoder|cnn] [--dataset ASD] [--series omi-2] [--seeds 3]
//     [--rows proof-space.jsonl] [--limit N] [--out results/search/proof-space.json]
// The files of cnn are proof-cnn.jsonl and proof-cnn.json.
// --rows keeps each training as it ends. --limit ends after so many trainings, without a table. Another recording than the
// one that searches are reported on makes the tables that a search may be tuned on.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { version } from '../src/app/version.ts';
import { KnownError } from '../src/core/errors.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { contentKey } from '../src/lab/candidates/outcome-key.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { engineIdentity } from '../src/lab/profiler/engine-identity.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import {
  type ProofDesign,
  type ProofTraining,
  proofFamilies,
  trainProof,
} from './search-proof/proof-training.ts';

interface Trained extends ProofTraining {
  readonly design: unknown;
  readonly seed: number;
  readonly settings: string;
}
/** A training that ended in an error meant for users, e.g. because it diverged: the design is infeasible with this seed. */
interface Failed extends Pick<Trained, 'design' | 'seed' | 'settings'> {
  readonly failed: string;
}
type Row = Trained | Failed;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = commandLine({
  options: {
    family: { type: 'string', default: 'encoder' },
    dataset: { type: 'string', default: 'ASD' },
    series: { type: 'string', default: 'omi-2' },
    seeds: { type: 'string', default: '3' },
    rows: { type: 'string' },
    limit: { type: 'string' },
    out: { type: 'string' },
  },
});
const family =
  Object.entries(proofFamilies).find(([name]) => name === values.family)?.[1] ??
  refuse(`--family ${values.family}: choose one of ${Object.keys(proofFamilies).join(', ')}`);
const { detector, seedStride } = family;
const {
  rows: rowsPath = `${family.file}.jsonl`,
  out = `${root}results/search/${family.file}.json`,
} = values;
const seeds = Array.from({ length: wholeNumber('seeds', values.seeds, 1) }, (_, i) => i + 1);
const limit =
  values.limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('limit', values.limit, 1);

const kernels = await loadKernels();
const engine = engineIdentity(kernels, version());
/** Of all that trainings depend on beside their design and seed. */
const settings = contentKey([
  values.dataset,
  values.series,
  detector,
  family.settings,
  seedStride,
  engine,
]);

async function rowOf(
  index: number,
  { design, point }: ProofDesign,
  seed: number,
  series: LabelledSeries,
): Promise<Row> {
  const context = {
    kernels,
    seed: seed * seedStride + index,
    signal: new AbortController().signal,
  };
  try {
    return { design, seed, settings, ...(await trainProof(family, point, series, context)) };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { design, seed, settings, failed: error.message };
  }
}

function keyOf({ design, seed }: Pick<Row, 'design' | 'seed'>): string {
  return `${JSON.stringify(design)} ${seed}`;
}

function readRows(path: string): Map<string, Row> {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  // Written below, a whole line at a time.
  const rows = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
  return new Map(rows.filter((row) => row.settings === settings).map((row) => [keyOf(row), row]));
}

function tableOf(rows: ReadonlyMap<string, Row>): string {
  const head = {
    command: [
      `npx tsx scripts/proof-space.ts${values.family === 'encoder' ? '' : ` --family ${values.family}`}`,
      `--dataset ${values.dataset} --series ${values.series} --seeds ${values.seeds}`,
    ].join(' '),
    data: `${values.dataset} ${values.series}`,
    settings: { detector, ...family.settings, seed: `${seedStride} * seed + place` },
    engine,
    seeds,
  };
  const lines = designs.map(({ design, written }) => {
    const trained = seeds
      .map((seed) => rows.get(keyOf({ design, seed })))
      .filter((row): row is Trained => row !== undefined && 'vusPr' in row);
    const column = (of: (row: Trained) => number, digits: number): number[] =>
      trained.map((row) => Number(of(row).toPrecision(digits)));
    return JSON.stringify({
      ...written,
      vusPr: column((row) => row.vusPr, 6),
      loss: column((row) => row.loss, 6),
      trainS: column((row) => row.trainS, 3),
      usPerRow: column((row) => row.usPerRow, 3),
    });
  });
  const begin = JSON.stringify(head).slice(0, -1);
  return `${begin},"designs":[\n${lines.join(',\n')}\n]}\n`;
}

const designs = family.designs();
const rows = readRows(rowsPath);
const missing = seeds
  .flatMap((seed) => designs.map((own, index) => ({ own, index, seed })))
  .filter(({ own, seed }) => !rows.has(keyOf({ design: own.design, seed })));
if (missing.length > 0) {
  const dataset = openDataset(values.dataset, ...dataRoots(undefined));
  const name = dataset.series.find((each) => each.endsWith(values.series));
  const series = dataset.read(name ?? values.series);
  for (const { own, index, seed } of missing.slice(0, limit)) {
    const row = await rowOf(index, own, seed, series);
    rows.set(keyOf(row), row);
    appendFileSync(rowsPath, `${JSON.stringify(row)}\n`);
  }
}
if (missing.length <= limit) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, tableOf(rows));
}
console.log(`${rows.size} of ${designs.length * seeds.length} trainings`);
