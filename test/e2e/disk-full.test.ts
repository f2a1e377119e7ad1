import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import { broker } from '../app/daemon/setup.ts';
import { START_MS, writeMachineModel, writeRecording } from '../app/recording.ts';
import { mayMount } from '../io/small-disk.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { PROGRAM } from './program.ts';

const FAULTS = Array.from({ length: 10 }, (_, k) => [60 + 100 * k, 80 + 100 * k] as const);
const expected = FAULTS.map(([from]) => `anomaly-machine-${START_MS + from * 1000}`).flatMap(
  (id) => [`${id} opened`, `${id} closed`],
);

it.skipIf(!mayMount)(
  'a full disk stops the history, and no alert',
  async () => {
    const url = await broker();
    const folder = tempFolder();
    writeRecording(folder, 'machine.csv', { rows: 1100, seed: 3, faults: FAULTS });
    await writeMachineModel(folder);
    mkdirSync(join(folder, 'state'));
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `node: pi
state: state
broker: {url: "${url}"}
store: {flushMs: 200}
streams: [{id: machine, source: {kind: csv, path: machine.csv, speed: 400}, model: machine.safetensors}]
sinks: [{kind: mqtt}]
`,
    );
    const subscriber = await subscribe(url, 'sentigon/pi/+/event');
    const events = () => subscriber.messages.map(({ text }) => JSON.parse(text) as AlertPayload);
    // fills the rest as soon as the first alert is out
    const script = `mount -t tmpfs -o size=400k none state && cd "$PWD"
    (read _ && dd if=/dev/zero of=state/filler bs=1k >&2) &
    exec ${process.execPath} ${PROGRAM} run < /dev/null`;
    const child = spawn('unshare', ['-rm', 'sh', '-c', script.replace('(read _', '(read _ <&3')], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const ended = new Promise((resolve) => child.once('close', resolve));
    await vi.waitUntil(() => events().length >= 2, { timeout: 60_000 });
    const filler = child.stdio[3];
    if (filler && 'write' in filler) filler.end('go\n');
    await vi.waitUntil(() => output.includes('No space left on device'), { timeout: 60_000 });
    await ended;
    const heard = new Set(events().map(({ id, event_type }) => `${id} ${event_type}`));
    for (const state of expected) expect(heard).toContain(state);
    expect(events().map(({ kind }) => kind)).toContain('storage');
    expect(output).toMatch(/no space left on the disk, free some/);
  },
  40_000,
);
