// Makes datasets/host-faults or another recording alike on the machine it runs on:
//   node scripts/record-host-faults/main.mjs --out datasets/host-faults [--profile host-faults] [--seed 1]
//   node scripts/record-host-faults/main.mjs --out datasets/host-quiet --profile host-quiet --seed 19
// Takes 85 minutes for host-faults and four hours for host-quiet. The training part holds only the ordinary workload, nightly
// jobs included; the test part adds the scheduled faults. Labels are written from the schedule as it is carried out.
// [--faults N] overrides the profile, and [--pace N] makes everything N times shorter, to try it.
// The recording is made in pieces: after an interruption the same command goes on with the piece that was not finished.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, refuse, wholeNumber } from '../command-line.mjs';
import { FAULTS, writeBigFile } from './faults.mjs';
import { assemble, isSaved, requirePlan, savePiece } from './pieces.mjs';
import { PROFILES } from './profiles.mjs';
import { hurried, piecesOf, schedule } from './schedule.mjs';

/** Until the effects of a start fade. */
const SETTLING_MS = 20_000;
/** After the last row of a piece is due until it is in the file. */
const ROW_MS = 1500;

const { values: options } = commandLine({
  options: {
    out: { type: 'string' },
    profile: { type: 'string', default: 'host-faults' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string' },
    pace: { type: 'string', default: '1' },
    recorder: { type: 'string', default: 'dist/main.js' },
  },
});
if (!options.out) refuse('found no folder for the recording, expected --out DIR');
const profile = PROFILES[options.profile];
if (!profile) {
  const known = Object.keys(PROFILES).join(', ');
  refuse(`--profile: found '${options.profile}', expected one of ${known}`);
}
const seed = wholeNumber('seed', options.seed, 0);
const pace = wholeNumber('pace', options.pace, 1);
const count = wholeNumber('faults', options.faults ?? String(profile.faults.count), 1);
const pieces = hurried(piecesOf(profile, schedule(seed, count, profile.faults)), pace);

mkdirSync(options.out, { recursive: true });
requirePlan(options.out, { profile: options.profile, seed, count, pace });
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
// beside the recording and not in the folder for temporary files, which may lie in memory
const folder = resolve(options.out, 'work');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const workload = spawn(
  process.execPath,
  [new URL('workload.mjs', import.meta.url).pathname, folder, String(seed), options.profile],
  { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
);
const seconds = new Map();
workload.on('message', ({ atMs, ...second }) => seconds.set(atMs, second));
try {
  await writeBigFile(folder);
  await recordPieces();
  assemble(options.out, pieces);
  say('done');
} catch (error) {
  if (error.name !== 'AbortError') throw error;
  say('stopped: the same command goes on with the piece that was not finished');
  process.exitCode = 1;
} finally {
  workload.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** One recorder runs all the time, so that pieces follow each other without a gap. */
async function recordPieces() {
  const path = join(folder, 'recording.csv');
  const recorder = spawn(process.execPath, [options.recorder, 'record', path], {
    stdio: 'inherit',
  });
  const recorderEnd = once(recorder, 'exit');
  try {
    while (!existsSync(path) && recorder.exitCode === null) await until(Date.now() + 100);
    let fromMs = Date.now() + SETTLING_MS / pace;
    await until(fromMs);
    for (const [index, piece] of pieces.entries()) {
      if (isSaved(options.out, index)) continue;
      say(`piece ${index + 1} of ${pieces.length}, ${piece.part}, ${Math.round(piece.lengthS)} s`);
      const toMs = fromMs + piece.lengthS * 1000;
      const labels = await carriedOut(piece.faults, fromMs);
      await until(toMs + ROW_MS);
      if (recorder.exitCode !== null) throw new Error(`the recorder ended: ${recorder.exitCode}`);
      savePiece(options.out, index, {
        ...{ path, fromMs, toMs, labels },
        seconds: profile.service ? seconds : undefined,
      });
      fromMs = toMs;
    }
  } finally {
    recorder.kill('SIGTERM');
    await recorderEnd;
  }
}

/** Injects the faults at their times after `fromMs`; returns their lines of labels. */
async function carriedOut(faults, fromMs) {
  const lines = [];
  for (const { kind, atS, durationS, strength } of faults) {
    await until(fromMs + atS * 1000);
    const fault = FAULTS[kind];
    const startMs = Date.now();
    const end = fault.start({ folder, strength, workload });
    try {
      await until(startMs + durationS * 1000);
    } finally {
      end();
    }
    lines.push(`${startMs},${Date.now()},${kind},${fault.channels.join(' ')}`);
    say(`${kind} ${Math.round(durationS)} s, strength ${strength.toFixed(2)}`);
  }
  return lines;
}

async function until(timeMs) {
  await sleep(Math.max(0, timeMs - Date.now()), undefined, { signal: stop.signal });
}

function say(text) {
  console.error(`${new Date().toISOString()} ${text}`);
}
