// What a forecaster saves that uses several rows of a forecast, and what it costs: runs of the encoder, processor time,
// likelihood, VUS-PR and delay along eps_b, beside what else saves runs. Prints a line a policy and series, and keeps all
// but the time for scripts/dynamo-table.ts. Without --series all that are held out; --resume goes on with those that are
// not in the file yet; what was measured with other settings is measured anew.
//   npx tsx scripts/dynamo-curves.ts [--dataset ASD] [--series omi-1,omi-2,omi-3] [--variants tokens,gaussian] [--seeds 1]
//     [--step 0.5] [--options '{}'] [--dynamo '{}'] [--out results/curves/dynamo-ASD.json] [--resume]
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { version } from '../src/app/version.ts';
import { readDesign } from '../src/detectors/detector-plugin.ts';
import { forecaster } from '../src/detectors/forecaster/train.ts';
import { forecasterDesign } from '../src/detectors/networks/forecast.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { contentKey } from '../src/lab/candidates/outcome-key.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { engineIdentity } from '../src/lab/profiler/engine-identity.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { measure, type Timed } from './dynamo/measure.ts';
import { type CurvePoint, readPoints, writePoints } from './dynamo/point.ts';
import { policiesFor } from './dynamo/policies.ts';
import { isHeldOut } from './selection-split.ts';

const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'ASD' },
    series: { type: 'string' },
    variants: { type: 'string', default: 'tokens,gaussian' },
    seeds: { type: 'string', default: '1' },
    step: { type: 'string', default: '0.5' },
    options: { type: 'string', default: '{}' },
    dynamo: { type: 'string', default: '{}' },
    out: { type: 'string' },
    resume: { type: 'boolean', default: false },
  },
});
const seeds = wholeNumber('seeds', values.seeds, 1);
const kernels = await loadKernels();
const dataset = openDataset(values.dataset, ...dataRoots(undefined));
const out =
  values.out ??
  fileURLToPath(new URL(`../results/curves/dynamo-${dataset.name}.json`, import.meta.url));
const settings = contentKey([
  Number(values.step),
  JSON.parse(values.options),
  JSON.parse(values.dynamo),
  engineIdentity(kernels, version()),
]);
const kept = values.resume ? readPoints(out) : [];
const points: CurvePoint[] = kept.filter((point) => point.settings === settings);

async function curve(
  series: LabelledSeries,
  variant: string,
  seed: number,
): Promise<readonly Timed[]> {
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
  const found: Timed[] = [];
  for (const policy of policiesFor(heads, Number(values.step))) {
    found.push(await measure(series, trained, policy, options, context));
  }
  return found;
}

function tell({ series, seed, variant }: Pick<CurvePoint, 'series' | 'seed' | 'variant'>) {
  return ({ policy, setting, rowsPerRun, forcedReruns, nll, processorS, ...found }: Timed) => {
    const caught = found.delays.filter((delay) => delay !== null).length;
    const cells = [
      `${series} ${seed}`.padEnd(18),
      variant.padEnd(8),
      policy.padEnd(18),
      String(setting).padEnd(5),
      `${rowsPerRun.toFixed(2)} rows/run`,
      `${String(forcedReruns ?? '-').padStart(4)} forced`,
      `nll ${nll?.toFixed(3) ?? '-'}`,
      `${processorS.toFixed(2)} s`,
      `VUS-PR ${found.vusPr?.toFixed(3) ?? '-'}`,
      `${found.falseRows} false rows`,
      `${caught}/${found.delays.length} caught, delays ${found.delays.map((delay) => delay ?? '-').join(' ')}`,
    ];
    console.log(cells.join('  '));
  };
}

const isWanted = (name: string): boolean =>
  values.series === undefined
    ? isHeldOut({ dataset: dataset.name, series: name })
    : values.series.split(',').some((each) => name.endsWith(each));

for (const name of dataset.series.filter(isWanted)) {
  const series = dataset.read(name);
  for (const variant of values.variants.split(',')) {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const about = { series: series.id, seed, variant, settings };
      const isDone = points.some(
        (point) => point.series === series.id && point.seed === seed && point.variant === variant,
      );
      if (isDone) continue;
      const found = await curve(series, variant, seed);
      found.forEach(tell(about));
      points.push(...found.map(({ processorS: _time, ...point }) => ({ ...about, ...point })));
      writePoints(out, points);
    }
  }
}
