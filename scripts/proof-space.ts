// Trains every design of the proof space with each seed, and writes what came of it. Goes on where it was stopped; one
// core needs an hour or two.
//   npx tsx scripts/proof-space.ts [--dataset ASD] [--series omi-2] [--seeds 3] [--rows proof-space.jsonl] [--limit N]
//     [--out results/search/proof-space.json]
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
import { vus } from '../src/lab/evaluation/vus.ts';
import { type JudgeContext, perform } from '../src/lab/judging/judge.ts';
import { engineIdentity } from '../src/lab/profiler/engine-identity.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import { type ProofLayer, pointOf, proofDesigns } from '../src/lab/search/proof/proof-space.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { commandLine, wholeNumber } from './command-line.mjs';

const DETECTOR = 'forecaster';
const { rows: windowRows, patch } = readSpace('proof');
const SETTINGS = { rows: windowRows, patch, steps: 300, batch: 32, learningRate: 4e-3 };
/** What a seed and the place of a design make a training's seed with. */
const SEED_STRIDE = 1000;

interface Trained {
  readonly design: readonly ProofLayer[];
  readonly seed: number;
  readonly settings: string;
  readonly vusPr: number;
  readonly loss: number;
  readonly trainS: number;
  readonly usPerRow: number;
}
/** A training that ended in an error meant for users, e.g. because it diverged: the design is infeasible with this seed. */
interface Failed extends Pick<Trained, 'design' | 'seed' | 'settings'> {
  readonly failed: string;
}
type Row = Trained | Failed;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'ASD' },
    series: { type: 'string', default: 'omi-2' },
    seeds: { type: 'string', default: '3' },
    rows: { type: 'string', default: 'proof-space.jsonl' },
    limit: { type: 'string' },
    out: { type: 'string', default: `${root}results/search/proof-space.json` },
  },
});
const seeds = Array.from({ length: wholeNumber('seeds', values.seeds, 1) }, (_, i) => i + 1);
const limit =
  values.limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('limit', values.limit, 1);

const kernels = await loadKernels();
const engine = engineIdentity(kernels, version());
/** Of all that trainings depend on beside their design and seed. */
const settings = contentKey([
  values.dataset,
  values.series,
  DETECTOR,
  SETTINGS,
  SEED_STRIDE,
  engine,
]);

async function train(
  design: readonly ProofLayer[],
  series: LabelledSeries,
  context: JudgeContext,
): Promise<Omit<Trained, 'design' | 'seed' | 'settings'>> {
  const options = { point: pointOf(design), ...SETTINGS };
  const contestant = { name: DETECTOR, kind: DETECTOR, options, seeded: true, looksAhead: false };
  const { scores, model, trainS, usPerRow } = await perform(contestant, series, context);
  const area = vus(series.labels, scores);
  const loss = model?.card.finalLosses[0];
  if (area === undefined || loss === undefined || trainS === undefined || usPerRow === undefined) {
    throw new RangeError(`${series.id} was judged without labels, model or times`);
  }
  return { vusPr: area.pr, loss, trainS, usPerRow };
}

async function rowOf(
  index: number,
  design: readonly ProofLayer[],
  seed: number,
  series: LabelledSeries,
): Promise<Row> {
  const context = {
    kernels,
    seed: seed * SEED_STRIDE + index,
    signal: new AbortController().signal,
  };
  try {
    return { design, seed, settings, ...(await train(design, series, context)) };
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
    command: `npx tsx scripts/proof-space.ts --dataset ${values.dataset} --series ${values.series} --seeds ${values.seeds}`,
    data: `${values.dataset} ${values.series}`,
    settings: { detector: DETECTOR, ...SETTINGS, seed: `${SEED_STRIDE} * seed + place` },
    engine,
    seeds,
  };
  const lines = designs.map((design) => {
    const trained = seeds
      .map((seed) => rows.get(keyOf({ design, seed })))
      .filter((row): row is Trained => row !== undefined && 'vusPr' in row);
    const column = (of: (row: Trained) => number, digits: number): number[] =>
      trained.map((row) => Number(of(row).toPrecision(digits)));
    return JSON.stringify({
      layers: design,
      vusPr: column((row) => row.vusPr, 6),
      loss: column((row) => row.loss, 6),
      trainS: column((row) => row.trainS, 3),
      usPerRow: column((row) => row.usPerRow, 3),
    });
  });
  const begin = JSON.stringify(head).slice(0, -1);
  return `${begin},"designs":[\n${lines.join(',\n')}\n]}\n`;
}

const designs = proofDesigns();
const rows = readRows(values.rows);
const missing = seeds
  .flatMap((seed) => designs.map((design, index) => ({ design, index, seed })))
  .filter((each) => !rows.has(keyOf(each)));
if (missing.length > 0) {
  const dataset = openDataset(values.dataset, ...dataRoots(undefined));
  const name = dataset.series.find((each) => each.endsWith(values.series));
  const series = dataset.read(name ?? values.series);
  for (const { design, index, seed } of missing.slice(0, limit)) {
    const row = await rowOf(index, design, seed, series);
    rows.set(keyOf(row), row);
    appendFileSync(values.rows, `${JSON.stringify(row)}\n`);
  }
}
if (missing.length <= limit) {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, tableOf(rows));
}
console.log(`${rows.size} of ${designs.length * seeds.length} trainings`);
