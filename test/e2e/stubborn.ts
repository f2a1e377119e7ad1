// A daemon with parts that do not end, and how it stops all the same.
import { join } from 'node:path';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { folderWith } from '../app/plugins/plugin-folder.ts';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { peek } from '../io/store/open-store.ts';
import { type Running, startSentigon } from './sentigon.ts';

const PLUGIN = `
const never = () => new Promise(() => undefined);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const sinkThat = (kind, close, send = async () => undefined) => ({ kind, summary: kind, create: () => ({ send, close }) });
const sourceThat = (kind, samples) => ({ kind, summary: kind,
  create: () => ({ live: true, channels: [{ id: 'a', unit: '' }], samples }) });
const forEver = () => void setInterval(() => undefined, 1000);
export default {
  api: 1,
  name: 'stubborn',
  sinks: [
    sinkThat('never-closes', () => { forEver(); return never(); }),
    sinkThat('fails-to-close', () => { throw new Error('no'); }),
    sinkThat('blocks', () => { for (;;); }),
    sinkThat('leaves-a-timer', async () => forEver()),
    sinkThat('never-sends', async () => undefined, never),
    sinkThat('is-slow', async () => undefined, () => wait(300)),
  ],
  sources: [
    sourceThat('never-ends', async function* () {
      for (;;) { yield { timeMs: Date.now(), values: [1] }; await wait(50); }
    }),
    sourceThat('never-speaks', async function* () { forEver(); await never(); yield; }),
  ],
};
`;

export interface Parts {
  readonly streams?: readonly string[];
  readonly sinks?: readonly string[];
  readonly broker?: string;
  readonly more?: string;
  /** Of the recording; 0 = as fast as it goes. */
  readonly speed?: number;
}

export interface Stubborn {
  readonly run: Running;
  readonly folder: string;
  configure(parts: Parts): void;
}

/** One stream is a recording of many faults, whose first alert is there when this resolves. */
export async function startStubborn(parts: Parts): Promise<Stubborn> {
  const folder = folderWith({ 'stubborn.mjs': PLUGIN, 'sentigon.yaml': configOf(parts) });
  const faults = Array.from({ length: 90 }, (_, k) => [20 + 40 * k, 30 + 40 * k] as const);
  writeRecording(folder, 'machine.csv', { rows: 3700, seed: 4, faults });
  await writeMachineModel(folder);
  const run = startSentigon(['run'], { cwd: folder });
  await run.until('alert opened on machine');
  return {
    run,
    folder,
    configure: (next) => void folderWith({ 'sentigon.yaml': configOf(next) }, folder),
  };
}

function configOf({ streams = [], sinks = [], broker, more = '', speed = 100 }: Parts): string {
  const machine = `{id: machine, source: {kind: csv, path: machine.csv, speed: ${speed}}, model: machine.safetensors}`;
  const list = (items: readonly string[]): string => items.map((item) => `\n  - ${item}`).join('');
  return `node: pi
plugins: [./stubborn.mjs]
embedded: {enabled: false}
${broker === undefined ? '' : `broker: ${broker}`}
state: state
streams:${list([machine, ...streams])}
sinks:${list(['{kind: log}', ...sinks])}
${more}
`;
}

export interface Stopped {
  readonly tookMs: number;
  readonly code: number | null;
  /** The last line of the log. */
  readonly last: { readonly msg: string; readonly unsent?: number };
  /** What the outbox holds afterwards. */
  readonly waiting: number;
  readonly stderr: string;
}

/** Without a signal it is waited for until it ends by itself. */
export async function ending(
  { run, folder }: Stubborn,
  signal: NodeJS.Signals | undefined = 'SIGTERM',
): Promise<Stopped> {
  const startMs = performance.now();
  if (signal) run.child.kill(signal);
  const { code, stdout, stderr } = await run.ended;
  const history = join(folder, 'state', HISTORY_FILE);
  const [outbox] = peek<{ waiting: number }>(history, 'SELECT count(*) AS waiting FROM outbox');
  return {
    ...{ tookMs: performance.now() - startMs, code, stderr },
    last: JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
    waiting: outbox?.waiting ?? Number.NaN,
  };
}
