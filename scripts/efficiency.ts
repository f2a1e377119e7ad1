// What a forecaster keeps of its accuracy when parts of its products are left out: DynaTran's thresholds beside its rivals, at
// a share of each operand. Prints a line a point, and writes all but the time to results/efficiency/. Default: the selection
// series of this repository, with the default forecaster and one trained with dynaprop.
//   npx tsx scripts/efficiency.ts [--dataset host-faults] [--series ...] [--seeds 1] [--options '{}']
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { forecaster as detector } from '../src/detectors/forecaster/forecaster.ts';
import { forecaster as trainer } from '../src/detectors/forecaster/train.ts';
import { calibrate } from '../src/detectors/scoring/training/calibration.ts';
import { prepare, type TrainingData } from '../src/detectors/scoring/training/data.ts';
import { thinned, windowTable } from '../src/detectors/scoring/training/window-table.ts';
import type { Kernels } from '../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { thresholdsFor, withPruning } from '../src/lab/compression/dynatran/dynatran.ts';
import {
  measure,
  type OperandProfile,
  profileOperands,
} from '../src/lab/compression/dynatran/profile.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { vus } from '../src/lab/evaluation/vus.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { scoreSeries } from '../src/lab/series/score-series.ts';
import type { Model } from '../src/models/model.ts';
import { sealModel } from '../src/models/model-file.ts';
import type { ModelPruning } from '../src/models/pruning.ts';
import { commandLine, commandOf, wholeNumber } from './command-line.mjs';
import { prunedWeights, randomKernels, topKernels } from './compression/dynatran-rivals.ts';

const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'host-faults' },
    series: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    options: { type: 'string', default: '{}' },
  },
});
const SHARES = [0.3, 0.5, 0.7];
/** Windows that thresholds and errors are measured on. */
const MOST_WINDOWS = 512;
const NETWORKS = {
  forecaster: {},
  'forecaster, dynaprop': { activation: 'relu', dynaprop: { activations: 0.5, gradients: 0.7 } },
};

/** Everything that a method needs to make a pruned model. */
interface Subject {
  readonly model: Model;
  readonly profiles: readonly OperandProfile[];
  readonly kernels: Kernels;
  readonly seed: number;
  /** Share of the multiplications that have weights; those of attention have none. */
  readonly linearShare: number;
}

interface Variant {
  readonly model: Model;
  readonly kernels: Kernels;
  /** Share of the multiplications that is left out where the counter does not see it. */
  readonly skipped?: number;
}

type Method = (subject: Subject, share: number) => Variant;

const METHODS: Readonly<Record<string, Method>> = {
  'DynaTran, elements': thresholds('elements', false),
  'DynaTran, one threshold': thresholds('elements', true),
  'DynaTran, columns': thresholds('columns', false),
  'top-k of probabilities': ({ model, profiles, kernels }, share) => ({
    model: withPruning(model, shareOf(profiles, share, /\.probabilities$/)),
    kernels: topKernels(kernels),
  }),
  'top-k': ({ model, profiles, kernels }, share) => ({
    model: withPruning(model, shareOf(profiles, share)),
    kernels: topKernels(kernels),
  }),
  random: ({ model, profiles, kernels, seed }, share) => ({
    model: withPruning(model, shareOf(profiles, share)),
    kernels: randomKernels(kernels, seed),
  }),
  'small weights': ({ model, kernels, linearShare }, share) => ({
    model: withoutWeights(model, share),
    kernels,
    skipped: share * linearShare,
  }),
};

const kernels = await loadKernels();
const dataset = openDataset(values.dataset, ...dataRoots(undefined));
const { signal } = new AbortController();
const points: Record<string, unknown>[] = [];
const folder = fileURLToPath(new URL('../results/efficiency/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (let seed = 1; seed <= wholeNumber('seeds', values.seeds, 1); seed++) {
  for (const name of values.series?.split(',') ?? dataset.series) {
    for (const network of Object.keys(NETWORKS)) {
      await curves(dataset.read(name), network as keyof typeof NETWORKS, seed);
      const kept = { command: commandOf('efficiency.ts'), points };
      writeFileSync(
        `${folder}dynatran-${dataset.name}.json`,
        `${JSON.stringify(kept, undefined, 1)}\n`,
      );
    }
  }
}

async function curves(
  series: LabelledSeries,
  network: keyof typeof NETWORKS,
  seed: number,
): Promise<void> {
  const options = trainer.options.parse({ ...JSON.parse(values.options), ...NETWORKS[network] });
  const intervalMs = series.intervalMs;
  const context = { kernels, seed, intervalMs, signal, progress: () => undefined };
  const trained = await trainer.train(series.train, options, context);
  const data = prepare(
    series.train,
    { heldBack: options.heldBack, shortest: options.rows + 1 },
    context,
  );
  const reading = { table: tableOf(data, options.rows + 1, [0, 0.75]), kernels, pause };
  const dense = withPruning(trained, {});
  const profiles = await profileOperands(dense, reading);
  const pruned = profiles.filter(({ isActivation }) => isActivation);
  const linearShare = linearShareOf(profiles);
  const subject = { model: dense, profiles: pruned, kernels, seed, linearShare };
  const write = async (method: string, share: number, variant: Variant): Promise<number> => {
    const found = await judge(series, data, variant, options);
    const point = { series: series.id, network, seed, method, share, ...found.kept };
    points.push(point);
    console.log(JSON.stringify({ ...point, usPerRow: Math.round(found.usPerRow) }));
    return found.kept.error;
  };
  await write('none', 0, subject);
  await write('as trained', 0, { model: trained, kernels });
  for (const [method, make] of Object.entries(METHODS)) {
    for (const share of SHARES) await write(method, share, make(subject, share));
  }
}

/** Recalibrates on the held-back rows, then scores the test part. */
async function judge(
  series: LabelledSeries,
  data: TrainingData,
  { model, kernels: engine, skipped }: Variant,
  options: ReturnType<typeof trainer.options.parse>,
) {
  const { intervalMs } = model;
  const context = { kernels: engine, seed: 0, intervalMs, signal, progress: () => undefined };
  const calibrated = await calibrate(detector, model, data, options, context);
  const whole = await sealModel({ ...model, ...calibrated });
  const table = tableOf(data, options.rows + 1, [0.75, 1]);
  const { distance, multiplications } = await measure(whole, { table, kernels: engine, pause });
  const { issued, skipped: counted } = multiplications;
  const scorer = detector.load(whole, engine);
  const started = process.cpuUsage();
  const { scores } = scoreSeries(series.test, {
    detector: scorer,
    model: whole,
    warmUp: series.train,
  });
  const { user, system } = process.cpuUsage(started);
  return {
    kept: {
      vusPr: rounded(vus(series.labels, scores)?.pr ?? Number.NaN),
      error: rounded(distance),
      skipped: rounded(skipped ?? counted / (issued + counted)),
    },
    usPerRow: (user + system) / series.test.timeMs.length,
  };
}

function thresholds(form: 'elements' | 'columns', global: boolean): Method {
  return ({ model, profiles, kernels: engine }, share) => ({
    model: withPruning(model, thresholdsFor(profiles, share, { form, global })),
    kernels: engine,
  });
}

function linearShareOf(profiles: readonly OperandProfile[]): number {
  const macs = profiles.map(({ operand: { name, tensor, columns } }) => ({
    isLinear: !/\.(queries|probabilities)$/.test(name),
    macs: tensor.size * columns,
  }));
  const sum = (of: typeof macs) => of.reduce((all, each) => all + each.macs, 0);
  return sum(macs.filter(({ isLinear }) => isLinear)) / sum(macs);
}

/** The share itself as the threshold: what the rivals' kernels read. */
function shareOf(profiles: readonly OperandProfile[], share: number, names = /./): ModelPruning {
  const chosen = profiles.map(({ operand }) => operand.name).filter((name) => names.test(name));
  return Object.fromEntries(chosen.map((name) => [name, { form: 'elements', threshold: share }]));
}

/** Without the smallest weights of each matrix. */
function withoutWeights(model: Model, share: number): Model {
  const tensors = Object.entries(model.tensors).map(([name, tensor]) => [
    name,
    name.endsWith('.weights') ? prunedWeights(tensor, share) : tensor,
  ]);
  return { ...model, tensors: Object.fromEntries(tensors) };
}

function tableOf(data: TrainingData, length: number, [from, to]: readonly [number, number]) {
  const part = [Math.floor(from * data.cut), Math.floor(to * data.cut)] as const;
  return thinned(windowTable(data, length, part), MOST_WINDOWS);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function pause(): Promise<void> {
  return Promise.resolve();
}
