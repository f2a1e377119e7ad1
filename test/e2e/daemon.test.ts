import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import { broker, names } from '../app/daemon/setup.ts';
import { START_MS, writeMachineModel, writeRecording } from '../app/recording.ts';
import { freePort } from '../io/mosquitto.ts';
import { peek } from '../io/store/open-store.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

const FAULTS = Array.from({ length: 8 }, (_, k) => [60 + 100 * k, 80 + 100 * k] as const);

/** A folder with a recording, a model and a configuration that replays it at `speed`. */
async function daemonFolder(url: string, speed: number): Promise<string> {
  const folder = tempFolder();
  writeRecording(folder, 'machine.csv', { rows: 900, seed: 3, faults: FAULTS });
  await writeMachineModel(folder);
  configure(folder, url, speed);
  return folder;
}

function configure(folder: string, url: string, speed: number): void {
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `node: pi
broker: {url: "${url}"}
streams:
  - id: machine
    source: {kind: csv, path: machine.csv, speed: ${speed}}
    model: machine.safetensors
sinks: [{kind: mqtt}, {kind: log}]
`,
  );
}

const expected = FAULTS.map(([from]) => `anomaly-machine-${START_MS + from * 1000}`).flatMap(
  (id) => [`${id} opened`, `${id} closed`],
);

describe('sentigon run', () => {
  it('reports a recording over MQTT, and loses no alert to a restart in its middle', async () => {
    const url = await broker();
    const subscriber = await subscribe(url, 'sentigon/pi/machine/event');
    const heard = () =>
      names(
        subscriber.messages
          .map(({ text }) => JSON.parse(text) as AlertPayload)
          .map(({ id, event_type }) => ({ id, state: event_type })),
      );
    const folder = await daemonFolder(url, 60); // a quarter of a minute, so that the signal comes in its middle
    const first = startSentigon(['run'], { cwd: folder });
    await subscriber.next(({ text }) => text.includes('closed'));
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    expect(heard().length).toBeLessThan(expected.length);

    configure(folder, url, 0);
    const second = startSentigon(['run'], { cwd: folder });
    expect((await second.ended).code).toBe(0);
    await vi.waitUntil(() => heard().length >= expected.length, { timeout: 60_000 });
    expect(heard()).toEqual(expected);
    const history = join(folder, '.sentigon', HISTORY_FILE);
    expect(names(peek(history, 'SELECT id, state FROM alert ORDER BY sequence'))).toEqual(expected);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'writes everything and ends with 0 within five seconds of %s',
    async (signal) => {
      const url = `mqtt://127.0.0.1:${await freePort()}`;
      const folder = await daemonFolder(url, 100);
      const run = startSentigon(['run'], { cwd: folder });
      await run.until('alert opened on machine');
      const startMs = performance.now();
      run.child.kill(signal);
      const { code } = await run.ended;
      expect(performance.now() - startMs).toBeLessThan(15_000); // five seconds, and reserve for a busy machine
      expect(code).toBe(0);
      const history = join(folder, '.sentigon', HISTORY_FILE);
      const [scores] = peek<{ n: number }>(history, 'SELECT count(*) AS n FROM score');
      expect(scores?.n).toBeGreaterThan(10);
    },
  );

  it('ends at once on a second signal', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const run = startSentigon(['run'], { cwd: await daemonFolder(url, 100) });
    // an alert waits for the broker now, and a stop gives it a second
    await run.until('alert opened on machine');
    // two that come at once are one for the process
    const again = setInterval(() => run.child.kill('SIGTERM'), 50);
    onTestFinished(() => clearInterval(again));
    expect((await run.ended).code).toBe(143);
  });

  it('speaks to journald in priorities', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const folder = await daemonFolder(url, 100);
    const run = startSentigon(['run'], { cwd: folder, env: { JOURNAL_STREAM: '8:12345' } });
    await run.until(/^<4>.*refused the connection/m);
    await run.until(/^<6>.*"msg":"watching"/m);
    run.child.kill('SIGTERM');
    const { stdout } = await run.ended;
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^<[2-7]>\{.*\}$/);
    expect(stdout).not.toContain('"time"');
  });

  it('tells journald of a fatal error as an error', async () => {
    const env = { JOURNAL_STREAM: '8:12345' };
    const { stderr, code } = await startSentigon(['run', '-c', 'none.yaml'], { env }).ended;
    expect(stderr).toMatch(/^<3>sentigon: CONFIG: none\.yaml: does not exist/);
    expect(code).toBe(78);
  });

  it('keeps passwords out of its log', async () => {
    const folder = await daemonFolder('mqtt://me:hunter2@127.0.0.1:1', 100);
    const run = startSentigon(['run'], { cwd: folder });
    await run.until('refused the connection');
    run.child.kill('SIGTERM');
    const { stdout, stderr } = await run.ended;
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('says what it does and what to do when nothing is configured', async () => {
    const folder = tempFolder();
    const run = startSentigon(['run'], { cwd: folder });
    await run.until('learning what is normal');
    run.child.kill('SIGTERM');
    const { stdout, code } = await run.ended;
    expect(stdout).toContain('found no sentigon.yaml: watching this machine');
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual(['.sentigon']);
  });
});
