import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recorded, START_MS, writeMachineModel } from '../app/recording.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigonHere } from './in-process.ts';
import { type Ended, sentigon, startSentigon } from './sentigon.ts';

const CONFIG = `node: pi
state: state
streams:
  - id: machine
    source: {kind: stdin}
    model: machine.safetensors
sinks: [{kind: log}]
`;

/** Rows of the machine with a fault at the end, as lines with times of that size. */
function lines(factor: number): string {
  const { timeMs, values } = recorded({ rows: 300, seed: 2, faults: [[200, 300]] });
  return Array.from(timeMs, (time, row) => {
    const [power, temperature] = values.subarray(2 * row, 2 * row + 2);
    return `{"time":${time * factor},"power[W]":${power},"temperature[C]":${temperature}}\n`;
  }).join('');
}

function runWith(cwd: string, input: string): Promise<Ended> {
  const run = startSentigon(['run'], { cwd, listens: true });
  run.child.stdin?.end(input);
  return run.ended;
}

describe('a live stream with times that cannot be', () => {
  it('leaves them out, says so once, and starts again on what it left (#18)', async () => {
    const folder = tempFolder();
    await writeMachineModel(folder);
    writeFileSync(join(folder, 'sentigon.yaml'), CONFIG);
    const poisoned = await runWith(folder, lines(1e6));
    expect(poisoned.stderr).not.toContain('Invalid time value');
    expect(poisoned.code).toBe(0);
    expect(poisoned.stdout.match(/which looks like nanoseconds/g)).toHaveLength(2); // the first, then the sum
    const healthy = await runWith(folder, lines(1));
    expect(healthy.code).toBe(0);
    expect(healthy.stdout).toContain(`anomaly-machine-${START_MS + 200_000}`);
    expect(healthy.stdout).toContain('"start":"2026-01-01T00:03:20.000Z"');
  });
});

/** 1000 rows of a second each, of which some are changed. */
function recording(folder: string, change: (row: number, timeMs: number) => string | undefined) {
  const { timeMs, values } = recorded({ rows: 1000, seed: 1 });
  const rows = Array.from(timeMs, (time, row) => {
    const written = change(row, time) ?? String(time);
    return `${written},${values[2 * row]},${values[2 * row + 1]}`;
  });
  writeFileSync(join(folder, 'x.csv'), `time,power[W],temperature[C]\n${rows.join('\n')}\n`);
}

const train = ['train', 'x.csv', '-o', 'm.safetensors', '-d', 'robust-z'];
const replay = ['replay', 'x.csv', '-m', 'machine.safetensors'];
const both = [[sentigonHere, train] as const, [sentigon, replay] as const];

describe('train and replay of a recording', () => {
  it.each([
    [
      'goes back',
      (row: number, ms: number) => (row === 500 ? `${ms - 5000}` : undefined),
      'is earlier than the row before it: sort the file by time',
    ],
    [
      'changes its unit',
      (row: number, ms: number) => (row < 500 ? `${ms / 1000}` : undefined),
      'which looks like milliseconds, expected seconds: write all rows in one unit, or divide it by 1e3',
    ],
    [
      'has an infinite time',
      (row: number) => (row === 500 ? '1e400' : undefined),
      "has the time '1e400', expected milliseconds before the year 5138",
    ],
    [
      'has a day that is not',
      (row: number, ms: number) => (row === 500 ? '2026-02-30' : new Date(ms).toISOString()),
      "has the time '2026-02-30', expected a day that the calendar has",
    ],
  ])('that %s stops with one line that names the row (#18)', async (_name, change, told) => {
    const folder = tempFolder();
    await writeMachineModel(folder);
    recording(folder, change);
    for (const [command, args] of both) {
      const { code, stderr } = await command(args, { cwd: folder });
      expect(stderr).toContain('SOURCE: x.csv line 502 ');
      expect(stderr).toContain(told);
      expect(
        stderr
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('training')),
      ).toHaveLength(1);
      expect(code).toBe(1);
    }
  });

  it('goes on without bad rows where told to, and counts them', async () => {
    const folder = tempFolder();
    await writeMachineModel(folder);
    recording(folder, (row) => (row % 100 === 7 ? '2026-02-30' : undefined));
    for (const [command, args] of both) {
      const { code, stderr } = await command([...args, '--skip-bad-rows'], { cwd: folder });
      expect(stderr).toContain("x.csv line 9 has the time '2026-02-30'");
      expect(stderr).toContain('x.csv: 10 such lines in all');
      expect(code).toBe(0);
    }
  });

  it('takes rows of one time as one, and says how many there are', async () => {
    const folder = tempFolder();
    await writeMachineModel(folder);
    recording(folder, (row, ms) => String(ms - (row % 2) * 1000 * (row > 500 ? 1 : 0)));
    for (const [command, args] of both) {
      const { code, stderr } = await command(args, { cwd: folder });
      expect(stderr).toContain(
        'x.csv line 503 has the time of the row before it: both count as one',
      );
      expect(stderr).toContain('x.csv: 250 such lines in all');
      expect(code).toBe(0);
    }
  });

  it('reads microseconds as what they are', async () => {
    const folder = tempFolder();
    await writeMachineModel(folder);
    recording(folder, (_row, ms) => `${ms}000`);
    const { stdout, stderr } = await sentigonHere([...train, '--json'], { cwd: folder });
    expect(stderr).toBe('');
    expect(stdout).toContain('"intervalMs":1000,');
    expect((await sentigon(replay, { cwd: folder })).stdout).toContain('1000 windows scored');
  });
});
