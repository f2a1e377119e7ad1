// Makes datasets/host-faults on the machine it runs on:
//   node scripts/record-host-faults/main.mjs --out datasets/host-faults [--seed 1] [--train-minutes 42] [--faults 24]
// Takes about 85 minutes. The training part holds only the ordinary workload, nightly jobs included; the test part
// adds the scheduled faults. Labels are written from the schedule as it is carried out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, refuse, wholeNumber } from '../command-line.mjs';
import { FAULTS } from './faults.mjs';
import { schedule } from './schedule.mjs';

const { values: options } = commandLine({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'train-minutes': { type: 'string', default: '42' },
    faults: { type: 'string', default: '24' },
    recorder: { type: 'string', default: 'dist/main.js' },
  },
});
if (!options.out) refuse('found no folder for the recording, expected --out DIR');

const seed = wholeNumber('seed', options.seed, 0);
const trainMinutes = wholeNumber('train-minutes', options['train-minutes'], 0);
const { plan, lengthS } = schedule(seed, wholeNumber('faults', options.faults, 1));
const folder = mkdtempSync(join(tmpdir(), 'host-faults-'));
const workload = spawn(
  process.execPath,
  [new URL('workload.mjs', import.meta.url).pathname, folder, String(seed)],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
try {
  mkdirSync(options.out, { recursive: true });
  await once(
    spawn(
      'dd',
      ['if=/dev/zero', `of=${join(folder, 'big.bin')}`, 'bs=1M', 'count=400', 'conv=fsync'],
      { stdio: 'ignore' },
    ),
    'exit',
  );
  await sleep(20_000); // let start-up effects fade
  await recorded('train.csv.gz', () => sleep(trainMinutes * 60_000));
  await recorded('test.csv.gz', injectAll);
} finally {
  workload.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Runs `during` while `sentigon record` writes `name`. */
async function recorded(name, during) {
  const recorder = spawn(process.execPath, [options.recorder, 'record', join(options.out, name)], {
    stdio: 'inherit',
  });
  await during();
  recorder.kill('SIGTERM');
  await once(recorder, 'exit');
}

async function injectAll() {
  const startMs = Date.now();
  const labels = join(options.out, 'labels.csv');
  writeFileSync(labels, 'start,end,kind,channels\n');
  for (const { kind, atS, durationS, strength } of plan) {
    await sleep(Math.max(0, startMs + atS * 1000 - Date.now()));
    const fault = FAULTS[kind];
    const fromMs = Date.now();
    const stop = fault.start({ folder, strength, workloadPid: workload.pid });
    await sleep(durationS * 1000);
    stop();
    appendFileSync(labels, `${fromMs},${Date.now()},${kind},${fault.channels.join(' ')}\n`);
    console.error(
      `${new Date().toISOString()} ${kind} ${durationS} s, strength ${strength.toFixed(2)}`,
    );
  }
  await sleep(Math.max(0, startMs + lengthS * 1000 - Date.now()));
}
