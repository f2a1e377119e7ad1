// What a model of many channels costs: its training, its file, a row, and the memory of both, each in a process of its own.
// Prints a table and writes results/efficiency/many-channels.json. The series are made here: a few loads that all channels follow
// more or less, each with noise of its own, a row a second.
//   npx tsx scripts/many-channels.ts [--channels 10,100,300,1000] [--detectors gon,forecaster] [--rows 1800] [--options '{}']
// Seconds are of the processor, megabytes the most that the process ever had in memory; bare is what it had before it made the
// series. --train FILE and --score FILE are for the processes that it starts.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModel, writeModel } from '../src/app/models/model-folder.ts';
import { lookUp } from '../src/core/registry.ts';
import type { Series } from '../src/core/series.ts';
import { trainers } from '../src/detectors/training/index.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { createRandom } from '../src/engine/random.ts';
import { timedInTurns } from '../src/lab/profiler/score-time.ts';
import { commandLine, commandOf, wholeNumber } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';
import { memoryOf } from './process-figures.ts';

const { values } = commandLine({
  options: {
    channels: { type: 'string', default: '10,100,300,1000' },
    detectors: { type: 'string', default: 'gon,forecaster' },
    rows: { type: 'string', default: '1800' },
    options: { type: 'string', default: '{}' },
    train: { type: 'string' },
    score: { type: 'string' },
  },
});
const LOADS = 5;
const INTERVAL_MS = 1000;
const rows = wholeNumber('rows', values.rows, 100);
const widths = values.channels.split(',').map((text) => wholeNumber('channels', text, 1));
const kinds = values.detectors.split(',');

interface Trained {
  readonly bareMb: number;
  readonly trainS: number;
  readonly trainMb: number;
}

interface Scored {
  readonly usPerRow: number;
  readonly scoreMb: number;
}

type Row = Trained &
  Scored & { readonly kind: string; readonly width: number; readonly kB: number };

const [width = 0] = widths;
const [kind = ''] = kinds;
if (values.train !== undefined) console.log(JSON.stringify(await train(values.train)));
else if (values.score !== undefined) console.log(JSON.stringify(await score(values.score)));
else writeTable(kinds.flatMap((one) => widths.map((each) => rowOf(one, each))));

function rowOf(one: string, each: number): Row {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-channels-'));
  try {
    const path = join(folder, 'm.safetensors');
    const trained = answerOf<Trained>('--train', path, one, each);
    const kB = Math.round(statSync(path).size / 1000);
    const row = {
      kind: one,
      width: each,
      ...trained,
      kB,
      ...answerOf<Scored>('--score', path, one, each),
    };
    console.error(JSON.stringify(row));
    return row;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function answerOf<T>(mode: string, path: string, one: string, each: number): T {
  const own = ['--channels', `${each}`, '--detectors', one, '--rows', `${rows}`];
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...own, mode, path];
  const { status, stdout } = spawnSync(process.execPath, [...args, '--options', values.options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${one} with ${each} channels ended with ${status}`);
  return JSON.parse(stdout) as T; // of this script
}

async function train(path: string): Promise<Trained> {
  const trainer = lookUp(trainers, kind, 'detector');
  const options = trainer.options.parse(JSON.parse(values.options));
  const kernels = await loadKernels();
  const { nowMb: bareMb } = memoryOf('self');
  const series = seriesOf(width, 1);
  const { signal } = new AbortController();
  const context = { kernels, seed: 1, intervalMs: INTERVAL_MS, signal, progress: () => undefined };
  const before = process.cpuUsage();
  const model = await trainer.train(series, options, context);
  const { user, system } = process.cpuUsage(before);
  const { peakMb } = memoryOf('self');
  await writeModel(path, model);
  return { bareMb, trainS: (user + system) / 1e6, trainMb: peakMb };
}

async function score(path: string): Promise<Scored> {
  const kernels = await loadKernels();
  const series = seriesOf(width, 2);
  const model = await readModel(path);
  const { signal } = new AbortController();
  const timing = { kernels, signal, progress: () => undefined };
  const { usPerRow } = await timedInTurns([model], series, timing);
  return { usPerRow: usPerRow[0] ?? Number.NaN, scoreMb: memoryOf('self').peakMb };
}

/** The mixture of loads is the same for all seeds, their course and the noise are not. */
function seriesOf(count: number, seed: number): Series {
  const [mixing, random] = [createRandom(0), createRandom(seed)];
  const shares = Float64Array.from({ length: count * LOADS }, () => mixing.normal());
  const loads = new Float64Array(LOADS);
  const all = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let l = 0; l < LOADS; l++) loads[l] = 0.98 * (loads[l] as number) + 0.2 * random.normal();
    for (let c = 0; c < count; c++) {
      let value = 0.3 * random.normal();
      for (let l = 0; l < LOADS; l++) {
        value += (shares[c * LOADS + l] as number) * (loads[l] as number);
      }
      all[row * count + c] = value;
    }
  }
  return {
    id: `made-${count}`,
    channels: Array.from({ length: count }, (_, c) => ({ id: `c${c}`, unit: '' })),
    timeMs: Float64Array.from({ length: rows }, (_, row) => row * INTERVAL_MS),
    values: all,
  };
}

function writeTable(found: readonly Row[]): void {
  const folder = fileURLToPath(new URL('../results/efficiency/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const command = commandOf('many-channels.ts');
  const kept = `${JSON.stringify({ command, rows: found }, undefined, 1)}\n`;
  writeFileSync(join(folder, 'many-channels.json'), kept);
  const head = [
    'detector',
    'channels',
    'training s',
    'bare MB',
    'training MB',
    'file kB',
    'us a row',
    'scoring MB',
  ];
  const cells = found.map((row) => [
    ...[row.kind, String(row.width), row.trainS.toFixed(1)],
    ...[row.bareMb.toFixed(0), row.trainMb.toFixed(0)],
    ...[String(row.kB), row.usPerRow.toFixed(0), row.scoreMb.toFixed(0)],
  ]);
  const table = `\`${command}\`\n\n${markdownTable(head, cells)}\n`;
  writeFileSync(join(folder, 'many-channels.md'), table);
  console.log(table);
}
