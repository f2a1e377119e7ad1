// What a network keeps of its accuracy, and what it saves of its time, when parts of its products are left out: DynaTran's
// thresholds beside their rivals, at a share of each operand, for networks trained densely and with dynaprop. Time is that of a
// whole row beside the dense network, in turns; beside it what Amdahl's law lets expect: 1 - f s, with the share f of a row's time
// that is products, measured with products that do nothing, and the share s of the multiplications that is left out.
// Writes results/efficiency/; what is there of the same training options is not measured again.
//   npx tsx scripts/efficiency.ts [--dataset host-faults] [--series ...] [--networks forecaster] [--seeds 1] [--options '{}']
//     [--methods 'DynaTran,by cost,top-k,random,small weights']   beginnings of names
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { lookUp } from '../src/core/registry.ts';
import { prepare, type TrainingData } from '../src/detectors/scoring/training/data.ts';
import { thinned, windowTable } from '../src/detectors/scoring/training/window-table.ts';
import { trainers } from '../src/detectors/training/index.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { withPruning } from '../src/lab/compression/dynatran/dynatran.ts';
import { measure, profileOperands, prunable } from '../src/lab/compression/dynatran/profile.ts';
import { withScalesOf } from '../src/lab/compression/lean-model.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { vus } from '../src/lab/evaluation/vus.ts';
import { runsInTurns, scoringOf } from '../src/lab/profiler/score-time.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { scoreSeries } from '../src/lab/series/score-series.ts';
import type { Model } from '../src/models/model.ts';
import type { ModelPruning } from '../src/models/pruning.ts';
import { commandLine, commandOf, wholeNumber } from './command-line.mjs';
import {
  linearShareOf,
  METHODS,
  type Method,
  type Subject,
  type Variant,
} from './compression/dynatran-methods.ts';
import { type EfficiencyPoint, efficiencyPage } from './compression/dynatran-page.ts';
import { withoutProducts } from './compression/dynatran-rivals.ts';
import { WIDE_POINT } from './compression/wide-encoder.ts';
import { keptRuns, writeResults } from './result-lines.ts';

const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'host-faults' },
    series: { type: 'string' },
    networks: { type: 'string', default: 'forecaster' },
    seeds: { type: 'string', default: '1' },
    options: { type: 'string', default: '{}' },
    methods: { type: 'string', default: 'DynaTran,by cost,top-k,random,small weights' },
  },
});
const SHARES = [0.3, 0.5, 0.7];
const FLOORS = [0.95, 0.8, 0.6, 0.4, 0.3];
/** Windows that thresholds and errors are measured on. */
const MOST_WINDOWS = 512;
const HELD_BACK = 0.2;
const RELU = { activation: 'relu', dynaprop: { activations: 0.5, gradients: 0.7 } };
const convolution = { op: 'convolution', kernel: 5 } as const;
/** What `sentigon search host-faults --space full --budget 40 --seed 1` chose. */
const FOUND = {
  rows: 32,
  point: {
    layers: [
      {
        hidden: 16,
        heads: [convolution, convolution, convolution, convolution],
        feedForward: [32],
      },
    ],
  },
};
const NETWORKS: Readonly<Record<string, { readonly kind: string; readonly options: object }>> = {
  forecaster: { kind: 'forecaster', options: {} },
  wide: { kind: 'encoder', options: { point: WIDE_POINT } },
  found: { kind: 'forecaster', options: FOUND },
};
const DENSE = 'dense';
const TRAININGS = { [DENSE]: {}, 'relu, dynaprop': RELU };
const NONE = 'none';

const kernels = await loadKernels();
const dataset = openDataset(values.dataset, ...dataRoots(undefined));
const { signal } = new AbortController();
const folder = fileURLToPath(new URL('../results/efficiency/', import.meta.url));
mkdirSync(folder, { recursive: true });
const out = `${folder}dynatran-${dataset.name}-${values.networks.replaceAll(',', '-')}`;
const command = commandOf('efficiency.ts');
const points: EfficiencyPoint[] = keptRuns(`${out}.json`, values.options);
const beginnings = values.methods.split(',');
const methods = Object.entries(METHODS).filter(([name]) =>
  beginnings.some((beginning) => name.startsWith(beginning)),
);
for (let seed = 1; seed <= wholeNumber('seeds', values.seeds, 1); seed++) {
  for (const name of values.series?.split(',') ?? dataset.series) {
    const series = dataset.read(name);
    for (const network of values.networks.split(',')) {
      for (const training of Object.keys(TRAININGS)) {
        points.push(...(await curves(series, { series: series.id, network, training, seed })));
        keep();
      }
    }
  }
}

type Key = Pick<EfficiencyPoint, 'series' | 'network' | 'training' | 'seed'>;

/** What a point is measured for. */
interface Asked {
  readonly method: string;
  readonly share: number;
}

function isMeasured(key: Key & Asked): boolean {
  return points.some((point) =>
    Object.entries(key).every(([field, value]) => point[field as keyof EfficiencyPoint] === value),
  );
}

/** What is not measured yet of: nothing left out, the thresholds of the training, and each method with each share. */
function askedOf(key: Key): readonly (Asked & Pick<Method, 'make'>)[] {
  const all = [
    { method: NONE, share: 0, make: ({ model }: Subject) => ({ model, kernels, isFaster: true }) },
    ...methods.flatMap(([method, { make, by }]) =>
      (by === 'floor' ? FLOORS : SHARES).map((share) => ({ method, share, make })),
    ),
  ];
  return all.filter(({ method, share }) => !isMeasured({ ...key, method, share }));
}

function keep(): void {
  writeResults(`${out}.json`, { command, options: values.options, runs: points });
  writeFileSync(`${out}.md`, efficiencyPage(command, points));
}

async function curves(series: LabelledSeries, key: Key): Promise<readonly EfficiencyPoint[]> {
  const asked = askedOf(key);
  if (asked.length === 0) return [];
  const trained = await train(series, key);
  const data = dataOf(series, trained, key.seed);
  const subject = await subjectOf(trained, data, key.seed);
  const variants: (Asked & { readonly variant: Variant })[] = [];
  for (const { make, ...own } of asked) {
    variants.push({ ...own, variant: await make(subject, own.share) });
  }
  if (key.training !== DENSE && asked.some(({ method }) => method === NONE)) {
    const variant = { model: trained, kernels, isFaster: true };
    variants.push({ method: 'as trained', share: 0, variant });
  }
  const found: EfficiencyPoint[] = [];
  for (const { variant, ...own } of variants) {
    const point = { ...key, ...own, ...(await judge(series, data, variant)) };
    console.log(JSON.stringify(point));
    found.push(point);
  }
  const faster = variants.filter(({ variant }) => variant.isFaster);
  const models = faster.map(({ variant }) => variant.model);
  const { ofProducts, times } = await timesOf(subject.model, models, series);
  return found.map((point) => {
    const place = faster.findIndex(
      ({ method, share }) => method === point.method && share === point.share,
    );
    const expected = rounded(1 - ofProducts * point.skipped);
    return place < 0 ? point : { ...point, time: times[place], expected };
  });
}

async function subjectOf(trained: Model, data: TrainingData, seed: number): Promise<Subject> {
  const model = withPruning(trained, {});
  const reading = { table: tableOf(data, trained, [0, 0.75]), kernels, pause };
  const everything = await profileOperands(model, reading);
  const profiles = everything.filter(({ isActivation }) => isActivation);
  const judged = { ...reading, table: tableOf(data, trained, [0.5, 0.75]) };
  const judge = (pruning: ModelPruning) => measure(withPruning(model, pruning), judged);
  const linearShare = linearShareOf(everything);
  return { model, profiles, everything, judge, kernels, seed, linearShare };
}

function train(series: LabelledSeries, { network, training, seed }: Key): Promise<Model> {
  const { kind, options } = lookUp(new Map(Object.entries(NETWORKS)), network, 'network');
  const trainer = lookUp(trainers, kind, 'detector');
  const own = TRAININGS[training as keyof typeof TRAININGS];
  const all = trainer.options.parse({ ...JSON.parse(values.options), ...options, ...own });
  return trainer.train(series.train, all, contextOf(series, seed));
}

function contextOf({ intervalMs }: LabelledSeries, seed: number) {
  return { kernels, seed, intervalMs, signal, progress: () => undefined };
}

function dataOf(series: LabelledSeries, model: Model, seed: number): TrainingData {
  const shortest = lengthOf(model);
  return prepare(series.train, { heldBack: HELD_BACK, shortest }, contextOf(series, seed));
}

/** Rows that the network sees, and that it is compared with. */
function lengthOf({ kind, design }: Model): number {
  const { key } = prunable(kind);
  const { rows } = z.object({ rows: z.int() }).parse(design[key]);
  return key === 'encoder' ? rows : rows + 1;
}

/** Sets scales and calibration anew, then scores the test part. */
async function judge(
  series: LabelledSeries,
  data: TrainingData,
  { model, kernels: engine, skipped }: Variant,
): Promise<Pick<EfficiencyPoint, 'vusPr' | 'error' | 'skipped'>> {
  const whole = await withScalesOf(model, series.train, {
    ...contextOf(series, 0),
    kernels: engine,
  });
  const table = tableOf(data, model, [0.75, 1]);
  const { distance, multiplications } = await measure(whole, { table, kernels: engine, pause });
  const { issued, skipped: counted } = multiplications;
  const detector = prunable(model.kind).plugin.load(whole, engine);
  const { scores } = scoreSeries(series.test, { detector, model: whole, warmUp: series.train });
  return {
    vusPr: rounded(vus(series.labels, scores)?.pr ?? Number.NaN),
    error: rounded(distance),
    skipped: rounded(skipped ?? counted / (issued + counted)),
  };
}

/** Times over that of the dense model, and the share of its time that is products. */
async function timesOf(
  dense: Model,
  models: readonly Model[],
  series: LabelledSeries,
): Promise<{ readonly ofProducts: number; readonly times: readonly number[] }> {
  const runs = [
    scoringOf(dense, series.train, withoutProducts(kernels)),
    ...[dense, ...models].map((model) => scoringOf(model, series.train, kernels)),
  ];
  const timing = { kernels, signal, progress: () => undefined };
  const { usPerRow } = await runsInTurns(runs, timing);
  const [idle = 0, whole = 1, ...others] = usPerRow;
  return {
    ofProducts: 1 - idle / whole,
    times: others.map((us) => rounded(us / whole)),
  };
}

function tableOf(data: TrainingData, model: Model, [from, to]: readonly [number, number]) {
  const part = [Math.floor(from * data.cut), Math.floor(to * data.cut)] as const;
  return thinned(windowTable(data, lengthOf(model), part), MOST_WINDOWS);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function pause(): Promise<void> {
  return Promise.resolve();
}
