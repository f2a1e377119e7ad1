// Holds the profiler against what ProTran's authors measured: how far off is what each regressor tells of transformers
// that it has not seen, by device and quantity; and how many measurements are needed when the regressor chooses them.
//   npx tsx scripts/profiler-proof.ts [--datasets folder] [--device rpi] [--seeds 10] [--skip errors,race] [--json]
import { join } from 'node:path';
import { dataRoots } from '../src/app/evaluate/data-roots.ts';
import { randomForest } from '../src/engine/regression/random-forest.ts';
import { countOf } from '../src/engine/regression/regressor.ts';
import { rankRegressors } from '../src/lab/profiler/choose-regressor.ts';
import { onLogarithms } from '../src/lab/profiler/log-regressor.ts';
import { regressors } from '../src/lab/profiler/regressors.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { type DeviceRows, QUANTITIES, readProtran } from './profiler/protran-rows.ts';
import { type RaceRow, raceRows } from './profiler/race-table.ts';

/** With fewer rows than that, a quarter held out and a first sample of 16 leave nothing to choose from. */
const LEAST_FOR_RACE = 60;

const SEED = 1;

const { values } = commandLine({
  options: {
    datasets: { type: 'string' },
    device: { type: 'string', default: '' },
    seeds: { type: 'string', default: '10' },
    skip: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const seeds = wholeNumber('seeds', values.seeds, 1);
const skipped = values.skip.split(',');
const [root] = dataRoots(values.datasets);
const devices = readProtran(join(root, 'protran')).filter(({ device }) =>
  device.includes(values.device),
);

for (const rows of devices) {
  if (!skipped.includes('errors')) errorTable(rows);
}
for (const rows of devices) {
  if (!skipped.includes('race') && countOf(rows.views.both) >= LEAST_FOR_RACE) raceTable(rows);
}

function errorTable({ device, views, values: quantities }: DeviceRows): void {
  say(`\n${device}, ${countOf(views.both)} rows: error of held-out rows (5 parts)`);
  for (const [i, quantity] of QUANTITIES.entries()) {
    const ranked = rankRegressors(views, regressors.values(), quantities[i] as Float64Array, SEED);
    for (const { features, regressor, mape, mse } of ranked) {
      tell({ table: 'errors', device, quantity, features, regressor, mape, mse });
      say(
        `  ${quantity.padEnd(10)} ${regressor.padEnd(16)} ${features.padEnd(9)}` +
          ` ${(100 * mape).toFixed(1).padStart(6)} %  mse ${mse.toFixed(5)}`,
      );
    }
  }
}

function raceTable({ device, views, values: quantities }: DeviceRows): void {
  const learn = onLogarithms(randomForest({ trees: 25, leafPoints: 1, share: 1 / 3 }));
  say(`\n${device}: rows until the error of held-out rows is as small, median of ${seeds} seeds`);
  for (const row of raceRows(device, { points: views.both, values: quantities, learn }, seeds)) {
    tell({ table: 'race', ...row });
    say(raceLine(row));
  }
}

function raceLine({
  error,
  active,
  random,
  activeSeeds,
  randomSeeds,
  seeds: all,
}: RaceRow): string {
  return (
    `  mse ${error.toFixed(5)}: active ${active} (${activeSeeds} of ${all} got there),` +
    ` random ${random} (${randomSeeds} of ${all}); ${((100 * active) / random).toFixed(0)} %`
  );
}

function say(line: string): void {
  if (!values.json) process.stdout.write(`${line}\n`);
}

function tell(row: object): void {
  if (values.json) process.stdout.write(`${JSON.stringify(row)}\n`);
}
