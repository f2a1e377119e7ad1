// How a network learns whose training leaves out small rows of gradients (dynaprop), beside a dense training and beside one that
// leaves out as many rows of the same products by chance: validation loss along the training, and what each training takes.
// Writes results/efficiency/; what is there is not measured again. Trains without patience, so that all curves are whole.
//   npx tsx scripts/dynaprop-curves.ts [--dataset host-faults] [--series ...] [--kind encoder] [--seeds 5] [--shares .7,.9]
//     [--options '{}']   of the training
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { lookUp } from '../src/core/registry.ts';
import { detectors } from '../src/detectors/index.ts';
import { trainers } from '../src/detectors/training/index.ts';
import type { TrainingProgress } from '../src/detectors/training/trainer.ts';
import type { Kernels } from '../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { mean } from '../src/engine/statistics.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { vus } from '../src/lab/evaluation/vus.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { scoreSeries } from '../src/lab/series/score-series.ts';
import type { Model } from '../src/models/model.ts';
import { commandLine, commandOf, wholeNumber } from './command-line.mjs';
import { randomRowKernels } from './compression/random-rows.ts';
import { markdownTable } from './markdown-table.ts';
import { keptRuns, writeResults } from './result-lines.ts';

const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'host-faults' },
    series: { type: 'string' },
    kind: { type: 'string', default: 'encoder' },
    seeds: { type: 'string', default: '5' },
    shares: { type: 'string', default: '.7,.9' },
    options: { type: 'string', default: '{}' },
  },
});
/** Shares of the training at which the table shows the validation loss. */
const SHOWN = [0.25, 0.5, 0.75, 1];

const HEAD = `Validation loss along the training, mean of the runs ± half their range. The share is that of the rows of gradients in
the backward products of linear layers, which grows from 5 to 25 % of the steps; beside it the share of all multiplications that
the whole training leaves out, scoring of its calibration included. Unbiased: by size, but some
small rows are kept by chance and made greater, so that the mean stays (dynaprop's stochastic). By chance: as many rows of each
product as by size.`;

interface Curve {
  readonly series: string;
  readonly seed: number;
  /** `dense`, or what the rows that are left out are chosen by. */
  readonly rule: 'dense' | 'size' | 'size, unbiased' | 'chance';
  readonly share: number;
  /** Of every check, in turn: share of the steps, and loss. */
  readonly checks: readonly (readonly [at: number, loss: number])[];
  /** Of all multiplications of the training, backward products included. */
  readonly skipped: number;
  /** Of the processor. */
  readonly trainS: number;
  readonly vusPr: number;
}

const kernels = await loadKernels();
const { signal } = new AbortController();
const dataset = openDataset(values.dataset, ...dataRoots(undefined));
const folder = fileURLToPath(new URL('../results/efficiency/', import.meta.url));
mkdirSync(folder, { recursive: true });
const out = `${folder}dynaprop-${dataset.name}-${values.kind}`;
const command = commandOf('dynaprop-curves.ts');
const shares = values.shares.split(',').map(Number);
const kinds = [
  { rule: 'dense' as const, share: 0 },
  ...shares.flatMap((share) => [
    ...(['size', 'size, unbiased', 'chance'] as const).map((rule) => ({ rule, share })),
  ]),
];
const curves: Curve[] = keptRuns(`${out}.json`, values.options);
for (let seed = 1; seed <= wholeNumber('seeds', values.seeds, 1); seed++) {
  for (const name of values.series?.split(',') ?? dataset.series) {
    const series = dataset.read(name);
    for (const { rule, share } of kinds) {
      const isDone = curves.some(
        (curve) =>
          curve.series === series.id &&
          curve.seed === seed &&
          curve.rule === rule &&
          curve.share === share,
      );
      if (isDone) continue;
      curves.push(await curveOf(series, seed, rule, share));
      keep();
    }
  }
}

function keep(): void {
  writeResults(`${out}.json`, { command, options: values.options, runs: curves });
  writeFileSync(`${out}.md`, page());
}

async function curveOf(
  series: LabelledSeries,
  seed: number,
  rule: Curve['rule'],
  share: number,
): Promise<Curve> {
  const trainer = lookUp(trainers, values.kind, 'detector');
  const stochastic = rule === 'size, unbiased';
  const dynaprop = rule === 'dense' ? undefined : { activations: 0, gradients: share, stochastic };
  const own = { ...JSON.parse(values.options), dynaprop };
  const { steps } = trainer.options.parse(own) as { steps: number }; // as every network's options
  const options = trainer.options.parse({ ...own, patience: steps });
  const checks: [number, number][] = [];
  const progress = ({ fraction, validationLoss }: TrainingProgress): void => {
    if (validationLoss !== undefined && checks.at(-1)?.[1] !== validationLoss) {
      checks.push([fraction, validationLoss]);
    }
  };
  const counter = { issued: 0, skipped: 0 };
  const counting: Kernels = {
    ...kernels,
    compile: (tape, given) => kernels.compile(tape, { ...given, counter }),
  };
  const engine = rule === 'chance' ? randomRowKernels(counting, seed) : counting;
  const context = { kernels: engine, seed, intervalMs: series.intervalMs, signal, progress };
  const before = process.cpuUsage();
  const model = await trainer.train(series.train, options, context);
  const { user, system } = process.cpuUsage(before);
  const curve = {
    ...{ series: series.id, seed, rule, share, checks },
    skipped: counter.skipped / (counter.issued + counter.skipped),
    trainS: (user + system) / 1e6,
    vusPr: accuracyOf(series, model),
  };
  console.log(JSON.stringify({ ...curve, checks: checks.at(-1) }));
  return curve;
}

function accuracyOf(series: LabelledSeries, model: Model): number {
  const detector = lookUp(detectors, model.kind, 'detector').load(model, kernels);
  const { scores } = scoreSeries(series.test, { detector, model, warmUp: series.train });
  return vus(series.labels, scores)?.pr ?? Number.NaN;
}

function page(): string {
  const rows = kinds.flatMap(({ rule, share }) => {
    const own = curves.filter((curve) => curve.rule === rule && curve.share === share);
    if (own.length === 0) return [];
    const spread = (numbers: readonly number[], digits: number): string => {
      const half = (Math.max(...numbers) - Math.min(...numbers)) / 2;
      return `${mean(numbers).toFixed(digits)} ±${half.toFixed(digits)}`;
    };
    return [
      [
        ...[rule, String(share), String(own.length)],
        ...SHOWN.map((at) =>
          spread(
            own.map((curve) => lossAt(curve, at)),
            4,
          ),
        ),
        mean(own.map(({ skipped }) => skipped)).toFixed(3),
        mean(own.map(({ trainS }) => trainS)).toFixed(1),
        spread(
          own.map(({ vusPr }) => vusPr),
          3,
        ),
      ],
    ];
  });
  const head = ['rows left out by', 'share', 'runs', ...SHOWN.map((at) => `loss at ${100 * at} %`)];
  const table = markdownTable([...head, 'left out of all', 'processor s', 'VUS-PR'], rows);
  return `\`${command}\`\n\n${HEAD}\n\n${table}\n`;
}

/** Of the last check until then. */
function lossAt({ checks }: Curve, at: number): number {
  return checks.findLast(([fraction]) => fraction <= at + 1e-9)?.[1] ?? Number.NaN;
}
