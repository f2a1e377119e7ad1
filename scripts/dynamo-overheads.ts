// What the heads for further steps of a forecaster (DynaMo) cost and save: numbers in its tensors, its training, and the time of
// all rows of the test part, watched by a run of the network a row and by one for as many rows as the heads are sure of.
// Writes results/efficiency/dynamo-overheads.md. Seconds are of the processor; one training each, so only large differences count.
//   npx tsx scripts/dynamo-overheads.ts [--dataset ASD] [--series omi-4] [--options '{}']
import { writeFileSync } from 'node:fs';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { readDesign } from '../src/detectors/detector-plugin.ts';
import { forecaster } from '../src/detectors/forecaster/train.ts';
import { forecasterDesign } from '../src/detectors/networks/forecast.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { median } from '../src/engine/statistics.ts';
import { numbersIn } from '../src/lab/compression/lean-model.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { commandLine, commandOf } from './command-line.mjs';
import { measure } from './dynamo/measure.ts';
import { policiesFor } from './dynamo/policies.ts';
import { markdownTable } from './markdown-table.ts';

const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'ASD' },
    series: { type: 'string', default: 'omi-4' },
    options: { type: 'string', default: '{}' },
  },
});
/** Each policy watches the series so often, in turns. */
const TURNS = 3;

const kernels = await loadKernels();
const series = openDataset(values.dataset, ...dataRoots(undefined)).read(values.series);
const context = {
  ...{ kernels, seed: 1, intervalMs: series.intervalMs },
  ...{ signal: new AbortController().signal, progress: () => undefined },
};
const [whole, headed] = [await trained({}), await trained({ dynamo: {} })];
const heads = readDesign(forecasterDesign, headed.model).forecaster.dynamo;
if (!heads) throw new RangeError('the forecaster was trained without heads');
const policies = policiesFor(heads, 1);
const plain = policies.find(({ name }) => name === 'plain');
const sure = policies.find(({ name, setting }) => name === 'dynamo' && setting === 0);
if (!plain || !sure) throw new RangeError('the policies that are compared have other names');
const found = { plain: [] as number[], sure: [] as number[], rowsPerRun: 1 };
for (let turn = 0; turn < TURNS; turn++) {
  const { options, model } = headed;
  found.plain.push((await measure(series, whole.model, plain, options, context)).processorS);
  const own = await measure(series, model, sure, options, context);
  found.sure.push(own.processorS);
  found.rowsPerRun = own.rowsPerRun;
}

async function trained(own: object) {
  const options = forecaster.options.parse({ ...JSON.parse(values.options), ...own });
  const before = process.cpuUsage();
  const model = await forecaster.train(series.train, options, context);
  const { user, system } = process.cpuUsage(before);
  return { options, model, trainS: (user + system) / 1e6 };
}

const rowOf = (name: string, { model, trainS }: typeof whole, rows: number, watched: number[]) => [
  ...[name, String(numbersIn(model)), trainS.toFixed(1), rows.toFixed(2)],
  median(watched).toFixed(2),
];
const table = markdownTable(
  ['forecaster', 'numbers', 'training s', 'rows a run', 'watching s'],
  [
    rowOf('a run a row', whole, 1, found.plain),
    rowOf('with heads, sure ones used', headed, found.rowsPerRun, found.sure),
  ],
);
console.log(table);
const { timeMs } = series.test;
writeFileSync(
  'results/efficiency/dynamo-overheads.md',
  `\`${commandOf('dynamo-overheads.ts')}\`\\
${series.id}, ${timeMs.length} rows to watch, medians of ${TURNS} turns; seconds are of the processor, and of all that a row needs.

${table}
`,
);
