// What a daemon costs that watches many streams: resident memory and processor time of a real one, whose streams replay the
// packaged recording of a machine (27 channels) at one row a second, each with a model file of its own. Needs `npm run build`.
//   npx tsx scripts/many-streams.ts [--streams 30] [--seconds 120] [--options '{}']
// Prints one JSON object.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { writeModel } from '../src/app/models/model-folder.ts';
import type { Health } from '../src/core/health.ts';
import { formatChannel } from '../src/core/sample.ts';
import { rowOf, type Series } from '../src/core/series.ts';
import { gon } from '../src/detectors/gon/train.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { askDaemon, CONTROL_SOCKET } from '../src/io/local/control-socket.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { besideProcess } from './beside-process.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { unitEnvironment } from './endurance/spoken-daemon.ts';
import { cpuOf, memoryOf } from './process-figures.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const RECORDING = 'host-faults';
const ANSWER_MS = 30_000;
/** Rows until the longest window is full and start-up is forgotten. */
const SETTLING_S = 60;

const { values } = commandLine({
  options: {
    streams: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '120' },
    options: { type: 'string', default: '{}' },
  },
});
const count = wholeNumber('streams', values.streams, 1);
const seconds = wholeNumber('seconds', values.seconds, 1);
const series = openDataset(RECORDING, ...dataRoots(undefined)).read(RECORDING);

const folder = mkdtempSync(join(tmpdir(), 'sentigon-streams-'));
try {
  writeFileSync(join(folder, 'rows.csv'), csvOf(series.test, SETTLING_S + seconds));
  const model = await train();
  for (let i = 0; i < count; i++) await writeModel(join(folder, `${i}.safetensors`), model);
  writeFileSync(join(folder, 'sentigon.yaml'), JSON.stringify(configuration()));
  console.log(JSON.stringify({ streams: count, ...(await measured()) }));
} finally {
  rmSync(folder, { recursive: true });
}

async function train() {
  const options = gon.options.parse(JSON.parse(values.options));
  const { intervalMs } = series;
  const { signal } = new AbortController();
  const context = { kernels: await loadKernels(), seed: 1, intervalMs, signal };
  return gon.train(series.train, options, { ...context, progress: () => undefined });
}

function configuration(): object {
  mkdirSync(join(folder, 'state'));
  return {
    node: 'pi',
    state: 'state',
    embedded: { port: 0 },
    streams: Array.from({ length: count }, (_, i) => ({
      id: `machine${i}`,
      source: { kind: 'csv', path: 'rows.csv', speed: 1 },
      model: `${i}.safetensors`,
    })),
    sinks: [{ kind: 'mqtt' }, { kind: 'log' }],
  };
}

function measured() {
  const daemon = spawn(process.execPath, [MAIN, 'run'], {
    cwd: folder,
    env: { ...process.env, ...unitEnvironment() },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return besideProcess(daemon, async () => {
    await sleep(1000 * SETTLING_S);
    const before = cpuOf(daemon.pid);
    await sleep(1000 * (seconds - 1));
    const cpuPercent = (100 * (cpuOf(daemon.pid) - before)) / (seconds - 1);
    const { nowMb, peakMb } = memoryOf(daemon.pid);
    const socket = join(folder, 'state', CONTROL_SOCKET);
    const reply = await askDaemon(socket, { verb: 'health_check' }, ANSWER_MS);
    if (reply.status === 'error') throw new Error(`the daemon tells no health: ${reply.error}`);
    const { streams } = reply.data as Health; // of our own daemon
    const scored = streams.reduce((sum, each) => sum + each.scored, 0);
    return { nowMb, peakMb, cpuPercent: Number(cpuPercent.toFixed(2)), scored };
  });
}

function csvOf({ channels, timeMs, ...rows }: Series, most: number): string {
  const lines = Array.from({ length: Math.min(most, timeMs.length) }, (_, row) =>
    [timeMs[row], ...rowOf({ channels, timeMs, ...rows }, row)].join(','),
  );
  return `${['time', ...channels.map(formatChannel)].join(',')}\n${lines.join('\n')}\n`;
}
