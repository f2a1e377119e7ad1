// Holds the profiler against what ProTran's authors measured: how far each regressor's predictions for transformers are off
// that it has not seen, by device and quantity; and how many measurements are needed when the regressor chooses them.
// Writes results/search/profiler-errors.json, profiler-race.json and PROFILER.md where all devices are asked for.
//   npx tsx scripts/profiler-proof.ts [--datasets folder] [--device rpi] [--seeds 10] [--skip errors,race] [--out results/search]
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { countOf } from '../src/engine/regression/regressor.ts';
import { randomForest } from '../src/engine/regression/tree-ensembles.ts';
import { rankRegressors } from '../src/lab/profiler/choose-regressor.ts';
import { regressors } from '../src/lab/profiler/regressors.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import type { ErrorRow } from './profiler/page/profiler.ts';
import { writeResults } from './profiler/page.ts';
import { type DeviceRows, QUANTITIES, readProtran } from './profiler/protran-rows.ts';
import { type RaceRow, raceRows } from './profiler/race-table.ts';
import { STRATEGIES } from './profiler/rows-needed.ts';

/** With fewer rows than that, a quarter held out and a first sample of 16 leave nothing to choose from. */
const LEAST_FOR_RACE = 60;

const SEED = 1;

const { values } = commandLine({
  options: {
    datasets: { type: 'string' },
    device: { type: 'string', default: '' },
    seeds: { type: 'string', default: '10' },
    skip: { type: 'string', default: '' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const seeds = wholeNumber('seeds', values.seeds, 1);
const skipped = values.skip.split(',');
const [root] = dataRoots(values.datasets);
const devices = readProtran(join(root, 'protran')).filter(({ device }) =>
  device.includes(values.device),
);

const command = `npx tsx scripts/profiler-proof.ts --seeds ${seeds}`;
const isWhole = values.device === '';

if (!skipped.includes('errors')) {
  const rows = devices.flatMap(errorRows);
  if (isWhole) writeResults(values.out, 'profiler-errors.json', { command, rows });
}
if (!skipped.includes('race')) {
  const rows = devices.filter(({ views }) => countOf(views.both) >= LEAST_FOR_RACE).flatMap(raceOf);
  if (isWhole) writeResults(values.out, 'profiler-race.json', { command, rows });
}

function errorRows({ device, views, values: quantities }: DeviceRows): readonly ErrorRow[] {
  const count = countOf(views.both);
  say(`\n${device}, ${count} rows: error of held-out rows (5 parts)`);
  return QUANTITIES.flatMap((quantity, i) => {
    const ranked = rankRegressors(views, regressors.values(), quantities[i] as Float64Array, SEED);
    for (const { features, regressor, mape, mse } of ranked) {
      say(
        `  ${quantity.padEnd(10)} ${regressor.padEnd(16)} ${features.padEnd(9)}` +
          ` ${(100 * mape).toFixed(1).padStart(6)} %  mse ${mse.toFixed(5)}`,
      );
    }
    return ranked.map((one) => ({ device, rows: count, quantity, ...one }));
  });
}

function raceOf({ device, views, values: quantities }: DeviceRows): readonly RaceRow[] {
  const learn = randomForest({ trees: 25, leafPoints: 1, share: 1 / 3 });
  say(`\n${device}: rows until the error of held-out rows is as small, median of ${seeds} seeds`);
  const rows = raceRows(device, { points: views.both, values: quantities, learn }, seeds);
  for (const { error, needed } of rows) {
    const told = STRATEGIES.map((strategy) => {
      const { rows: count, reached } = needed[strategy];
      return `${strategy} ${count} (${reached} of ${seeds} got there)`;
    });
    say(`  mse ${error.toFixed(5)}: ${told.join(', ')}`);
  }
  return rows;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
