// What a forecaster saves that uses several rows of a forecast, and what it costs: runs of the encoder, processor time,
// likelihood, VUS-PR and delay along eps_b, beside what else saves runs. Prints a line a policy and series.
//   npx tsx scripts/dynamo-curves.ts [--dataset ASD] [--series omi-1,omi-2,omi-3] [--variants tokens,gaussian] [--seeds 1]
//     [--step 0.1] [--options '{}'] [--dynamo '{}'] [--out results/curves/dynamo.json]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dataRoots } from '../src/app/evaluate/data-roots.ts';
import { forecasterDesign } from '../src/detection/detectors/networks/forecast-design.ts';
import { readDesign } from '../src/detection/detectors/scoring/design.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import type { LabelledSeries } from '../src/lab/labelled-series.ts';
import { forecaster } from '../src/lab/training/forecaster.ts';
import { type Measured, measure } from './dynamo/measure.ts';
import { policiesFor } from './dynamo/policies.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    dataset: { type: 'string', default: 'ASD' },
    series: { type: 'string', default: 'omi-1,omi-2,omi-3' },
    variants: { type: 'string', default: 'tokens,gaussian' },
    seeds: { type: 'string', default: '1' },
    step: { type: 'string', default: '0.1' },
    options: { type: 'string', default: '{}' },
    dynamo: { type: 'string', default: '{}' },
    out: { type: 'string', default: `${root}results/curves/dynamo.json` },
  },
});
const kernels = await loadKernels();

interface CurvePoint extends Measured {
  readonly series: string;
  readonly seed: number;
  readonly variant: string;
}

async function curve(
  series: LabelledSeries,
  variant: string,
  seed: number,
  keep: (point: CurvePoint) => void,
): Promise<void> {
  const dynamo = { ...JSON.parse(values.dynamo), variant };
  const options = forecaster.options.parse({ ...JSON.parse(values.options), dynamo });
  const context = {
    kernels,
    seed,
    intervalMs: series.intervalMs,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const trained = await forecaster.train(series.train, options, context);
  const heads = readDesign(forecasterDesign, trained).forecaster.dynamo;
  if (!heads) throw new RangeError('the forecaster was trained without heads');
  for (const policy of policiesFor(heads, Number(values.step))) {
    const found = await measure(series, trained, policy, options, context);
    keep({ series: series.id, seed, variant, ...found });
  }
}

const points: CurvePoint[] = [];

function keep(point: CurvePoint): void {
  points.push(point);
  const { series, variant, policy, setting, rowsPerRun, forcedReruns, nll, processorS } = point;
  const { vusPr, caught, delays } = point;
  const cells = [
    series.padEnd(16),
    variant.padEnd(8),
    policy.padEnd(18),
    String(setting).padEnd(5),
    `${rowsPerRun.toFixed(2)} rows/run`,
    `${String(forcedReruns ?? '-').padStart(4)} forced`,
    `nll ${nll?.toFixed(3) ?? '-'}`,
    `${processorS.toFixed(2)} s`,
    `VUS-PR ${vusPr?.toFixed(3) ?? '-'}`,
    `${caught}/${delays.length} caught, delays ${delays.map((delay) => delay ?? '-').join(' ')}`,
  ];
  console.log(cells.join('  '));
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `[\n${points.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
}

const wanted = values.series.split(',');
const dataset = openDataset(values.dataset, ...dataRoots(undefined));
for (const name of dataset.series) {
  if (!wanted.some((each) => name.endsWith(each))) continue;
  for (const variant of values.variants.split(',')) {
    for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
      await curve(dataset.read(name), variant, seed, keep);
    }
  }
}
