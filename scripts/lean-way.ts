// The way of a user who wants a smaller model, printed: trains the packaged recording of a machine, compresses the model, replays
// the faults with both, puts their alerts side by side, and has a stream of a daemon learn a smaller model by itself. Writes
// what it prints to results/efficiency/lean-way.md. Needs `npm run build`.
//   npx tsx scripts/lean-way.ts [--ratio .3] [--detector forecaster]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import type { Alert } from '../src/core/alert.ts';
import { formatChannel } from '../src/core/sample.ts';
import { rowOf, type Series } from '../src/core/series.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { besideProcess } from './beside-process.ts';
import { commandLine, commandOf } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const DATA = fileURLToPath(new URL('../datasets/host-faults/', import.meta.url));
const OUT = fileURLToPath(new URL('../results/efficiency/lean-way.md', import.meta.url));

const { values } = commandLine({
  options: {
    ratio: { type: 'string', default: '.3' },
    detector: { type: 'string', default: 'forecaster' },
  },
});
const { ratio, detector } = values;
const [train, test] = ['train', 'test'].map((name) => join(DATA, `${name}.csv.gz`)) as [
  string,
  string,
];
const series = openDataset('host-faults', ...dataRoots(undefined)).read('host-faults');
/** Half an hour, as a stream learns from by default. */
const LESSON_ROWS = 1800;
const page: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'sentigon-lean-'));
try {
  print(`\`${commandOf('lean-way.ts')}\``);
  shown(['train', train, '--detector', detector, '--out', 'whole.safetensors']);
  const made = [
    'whole.safetensors',
    '--data',
    train,
    '--ratio',
    ratio,
    '--out',
    'lean.safetensors',
  ];
  if (!shown(['compress', ...made])) {
    print(
      'The trial found the smaller model worse. To see what that means in alerts, it is written all the same:',
    );
    shown(['compress', ...made, '--force']);
  }
  print(sideBySide(openedBy('whole'), openedBy('lean')));
  print(await learnt());
  mkdirSync(join(OUT, '..'), { recursive: true });
  writeFileSync(OUT, `${page.join('\n\n')}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function print(text: string): void {
  page.push(text);
  console.log(`${text}\n`);
}

/** Runs the program, and prints the command as a user would give it, with its answer. Returns whether it ended well. */
function shown(args: readonly string[]): boolean {
  const { status, stdout, stderr } = sentigon(args);
  const words = args.map((word) => (word.startsWith(DATA) ? word.slice(DATA.length) : word));
  const answer = (status === 0 ? stdout : stderr).replaceAll(DATA, '').trim();
  print(['```console', `$ sentigon ${words.join(' ')}`, answer, '```'].join('\n'));
  return status === 0;
}

function sentigon(args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
}

/** Times at which alerts opened on the recording with faults. */
function openedBy(model: string): readonly number[] {
  return sentigon(['replay', test, '--model', `${model}.safetensors`, '--json'])
    .stdout.split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { alert?: Alert }).alert) // of our own program
    .filter((alert) => alert?.kind === 'anomaly' && alert.state === 'opened')
    .map((alert) => alert?.timeMs ?? Number.NaN);
}

function sideBySide(whole: readonly number[], lean: readonly number[]): string {
  const { timeMs } = series.test;
  const faults = series.segments.map(({ start, end, kind }) => ({
    kind: kind ?? '',
    from: timeMs[start] as number,
    to: timeMs[end - 1] as number,
  }));
  const delay = (opened: readonly number[], from: number, to: number): string => {
    const first = opened.find((time) => time >= from && time <= to);
    return first === undefined ? '-' : `${Math.round((first - from) / 1000)} s`;
  };
  const rows = faults.map(({ kind, from, to }) => [
    new Date(from).toISOString().slice(11, 19),
    ...[kind, delay(whole, from, to), delay(lean, from, to)],
  ]);
  const outside = (opened: readonly number[]): string =>
    String(
      opened.filter((time) => !faults.some(({ from, to }) => time >= from && time <= to)).length,
    );
  const head = ['fault at', 'kind', 'whole opens after', 'lean opens after'];
  const last = ['', 'outside of any fault', outside(whole), outside(lean)];
  return markdownTable(head, [...rows, last]);
}

/** What a daemon says of the models of a stream that learns a smaller model by itself. */
function learnt(): Promise<string> {
  const learn = { detector, rows: LESSON_ROWS, longest: 1, options: { compress: Number(ratio) } };
  const channels = series.train.channels.map(formatChannel);
  const configuration = {
    state: 'state',
    embedded: { enabled: false },
    streams: [{ id: 'machine', source: { kind: 'stdin', channels }, learn }],
    sinks: [{ kind: 'log' }],
  };
  writeFileSync(join(folder, 'sentigon.yaml'), JSON.stringify(configuration));
  const daemon = spawn(process.execPath, [MAIN, 'run'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  daemon.stdin.on('error', () => undefined); // it ends before it has read all
  return besideProcess(daemon, async () => {
    daemon.stdin.write(spoken(series.train));
    for await (const line of createInterface({ input: daemon.stdout })) {
      if ((JSON.parse(line) as { msg?: string }).msg === 'watching') break; // of our own daemon
    }
    const told = { streams: [{ id: 'machine', learn }] };
    return [
      `A stream of a daemon on ${process.arch}, fed the ${LESSON_ROWS} first rows of the recording, with \`${JSON.stringify(told)}\`:`,
      ['```console', '$ sentigon ctl models stream=machine', askedModels(), '```'].join('\n'),
    ].join('\n\n');
  });
}

function askedModels(): string {
  return sentigon(['ctl', 'models', 'stream=machine']).stdout.trim();
}

/** JSON lines, as if the newest row were of now. */
function spoken({ channels, timeMs, ...rows }: Series): string {
  const shift = Date.now() - (timeMs.at(-1) as number);
  return Array.from(timeMs, (time, row) => {
    const own = rowOf({ channels, timeMs, ...rows }, row);
    const readings = Object.fromEntries(channels.map(({ id }, c) => [id, own[c]]));
    return `${JSON.stringify({ time: Math.round(time + shift), values: readings })}\n`;
  }).join('');
}
