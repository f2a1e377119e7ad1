import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { writeModel } from '../../src/app/models/model-folder.ts';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import { broker } from '../app/daemon/setup.ts';
import { tinyModel } from '../app/tiny-model.ts';
import { hasSocat, openPseudoTerminals, type PseudoTerminals } from '../io/pseudo-terminals.ts';
import { type Subscriber, subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

const BROKEN = ['printed', 'filed', 'wired', 'published'];
const ALL = [...BROKEN, 'steady'];
/** How long a channel may be without a reading, ms; the readings of a busy machine may be two seconds late. */
const MAX_AGE_MS = 3000;

it.skipIf(!hasSocat)(
  'sources that die are reported, opened again when they are back, and watched as before',
  async () => {
    const folder = tempFolder();
    const url = await broker();
    const devices = await startDevices(folder, url);
    await writeModel(
      join(folder, 'rest.safetensors'),
      tinyModel({ kind: 'robust-z', intervalMs: 200 }),
    );
    writeFileSync(join(folder, 'sentigon.yaml'), configuration(folder, url));
    const events = await subscribe(url, 'sentigon/pi/+/event');
    const run = startSentigon(['run'], { cwd: folder });
    await run.until(/(.*"watching"){5}/s);
    const seen = (stream: string): string[] =>
      events.messages
        .map(({ text }) => JSON.parse(text) as AlertPayload)
        .filter((alert) => alert.stream === stream && alert.event_type !== 'updated')
        .map(({ kind, event_type }) => `${kind} ${event_type}`);
    const each = (streams: readonly string[], state: string) =>
      vi.waitFor(
        () => {
          for (const stream of streams) {
            expect([stream, ...seen(stream)], run.stdout()).toContain(state);
          }
        },
        { timeout: 60_000, interval: 50 },
      );
    await vi.waitUntil(() => existsSync(join(folder, 'pid')), { timeout: 60_000 });

    devices.raise(9);
    await each(ALL, 'anomaly opened');
    devices.raise(0);
    await each(ALL, 'anomaly closed');
    devices.breakDown();
    await each(BROKEN, 'data_missing opened');
    await devices.mend();
    await each(BROKEN, 'data_missing closed');
    devices.raise(9);
    await vi.waitUntil(() => ALL.every((stream) => seen(stream).at(-1) === 'anomaly opened'), {
      timeout: 60_000,
    });

    run.child.kill('SIGTERM');
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    const alarm = ['anomaly opened', 'anomaly closed'];
    const absence = ['data_missing opened', 'data_missing closed'];
    for (const stream of BROKEN) {
      expect([stream, ...seen(stream)]).toEqual([stream, ...alarm, ...absence, 'anomaly opened']);
    }
    expect(seen('steady')).toEqual([...alarm, 'anomaly opened']);
    for (const reason of ['was ended by SIGKILL', 'none of 1 files is there', 'tty was closed']) {
      expect(stdout).toMatch(new RegExp(`source lost: .*${reason}`));
    }
  },
);

function configuration(folder: string, url: string): string {
  const stream = (id: string, source: string) => `  - id: ${id}
    source: ${source}
    model: rest.safetensors
    threshold: {kind: fixed, level: 1}
    alerts: {openCount: 1, openWithin: 1, closeAfter: 1, coolDownMs: 0}
    health: {maxAgeMs: ${MAX_AGE_MS}, stuckAfterMs: 0, coolDownMs: 0}`;
  const a = '[{name: a, key: value}]';
  const file = (name: string) =>
    `{kind: file, intervalMs: 200, files: [{name: a, path: ${join(folder, name)}}]}`;
  return `node: pi
state: state
broker: {url: "${url}"}
streams:
${stream('printed', `{kind: exec, mode: lines, command: [sh, ${join(folder, 'print.sh')}], channels: ${a}}`)}
${stream('filed', file('filed.txt'))}
${stream('wired', `{kind: serial, path: ${join(folder, 'tty')}, channels: ${a}}`)}
${stream('published', `{kind: mqtt, intervalMs: 200, channels: [{name: a, topic: well/level, maxAgeMs: 500}]}`)}
${stream('steady', file('steady.txt'))}
sinks: [{kind: mqtt}]
`;
}

/** Prints the file `value` for as long as there is one. */
const PRINT = `echo $$ > "$0.pid.new" && mv "$0.pid.new" "$(dirname "$0")/pid"
while [ -e "$(dirname "$0")/value" ]; do cat "$(dirname "$0")/value"; sleep 0.1; done
exit 3
`;

/** A program, a file, a serial line and a topic that say 0, or 9 once they are raised. */
async function startDevices(folder: string, url: string) {
  const at = (name: string) => join(folder, name);
  const home: Subscriber = await subscribe(url, 'none');
  let value = 0;
  let broken = false;
  let line: PseudoTerminals | undefined;
  const plugIn = async (): Promise<void> => {
    line = await openPseudoTerminals();
    symlinkSync(line.near, at('tty'));
  };
  const put = (name: string): void => {
    writeFileSync(at(`${name}.new`), `${value}\n`);
    renameSync(at(`${name}.new`), at(name));
  };
  const speak = (): void => {
    put('steady.txt');
    if (broken || !line) return;
    put('value');
    put('filed.txt');
    void home.publish('well/level', String(value));
    const far = openSync(line.far, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    writeSync(far, `${value}\n`);
    closeSync(far);
  };
  writeFileSync(at('print.sh'), PRINT);
  await plugIn();
  speak();
  const timer = setInterval(speak, 100);
  onTestFinished(() => {
    clearInterval(timer);
    line?.close();
  });
  return {
    breakDown(): void {
      broken = true;
      process.kill(Number(readFileSync(at('pid'), 'utf8')), 'SIGKILL'); // before it misses its file and ends by itself
      rmSync(at('value'));
      rmSync(at('filed.txt'));
      rmSync(at('tty'));
      line?.close();
    },
    async mend(): Promise<void> {
      await plugIn();
      broken = false;
    },
    raise(to: number): void {
      value = to;
    },
  };
}
