import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeModel } from '../../src/app/models/model-folder.ts';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import { broker } from '../app/daemon/setup.ts';
import { tinyModel } from '../app/tiny-model.ts';
import { type Subscriber, subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { type Running, sentigon, startSentigon } from './sentigon.ts';

interface Answer {
  readonly healthy: boolean;
  readonly problems: readonly string[];
}

/** A daemon whose only stream runs a program that is not there. */
async function lostDaemon() {
  const folder = tempFolder();
  const url = await broker();
  const program = join(folder, 'meter');
  await writeModel(
    join(folder, 'rest.safetensors'),
    tinyModel({ kind: 'robust-z', intervalMs: 200 }),
  );
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `node: pi
state: state
broker: {url: "${url}"}
streams:
  - id: lost
    source: {kind: exec, intervalMs: 100, command: [${program}], channels: [{name: a, key: value}]}
    model: rest.safetensors
sinks: [{kind: mqtt}]
`,
  );
  return {
    events: await subscribe(url, 'sentigon/pi/lost/event'),
    start: () => startSentigon(['run'], { cwd: folder }),
    install: () => writeFileSync(program, '#!/bin/sh\necho 0\n', { mode: 0o755 }),
    async health(): Promise<Answer> {
      const { stdout, stderr } = await sentigon(['ctl', 'health_check'], { cwd: folder });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as Answer;
    },
  };
}

const WAIT = { timeout: 60_000, interval: 100 };

function failures({ messages }: Subscriber): AlertPayload[] {
  return messages
    .map(({ text }) => JSON.parse(text) as AlertPayload)
    .filter(({ kind }) => kind === 'stream_failed');
}

async function stopped(run: Running): Promise<string> {
  run.child.kill('SIGTERM');
  const { code, stdout } = await run.ended;
  expect(code).toBe(0);
  return stdout;
}

it('a lone stream whose program is missing is a problem and one alert, also over a restart, and runs once it is there (#18)', async () => {
  const daemon = await lostDaemon();
  const first = daemon.start();
  await vi.waitFor(async () => {
    const { healthy, problems } = await daemon.health();
    expect(healthy).toBe(false);
    expect(problems.join()).toMatch(
      /stream 'lost' failed, attempt \d+: .*there is no program '.*meter'.*: it is tried again at \d{4}-/,
    );
  }, WAIT);
  await vi.waitFor(() => expect(failures(daemon.events)).toHaveLength(1), WAIT);
  await stopped(first);
  const second = daemon.start();
  await second.until(/attempt 2/);
  daemon.install();
  await vi.waitFor(async () => expect((await daemon.health()).problems).toEqual([]), WAIT);
  await vi.waitFor(() => expect(failures(daemon.events)).toHaveLength(2), WAIT);
  await stopped(second);
  const [opened, closed] = failures(daemon.events);
  expect(opened).toMatchObject({ event_type: 'opened', severity: 'critical', end: null });
  expect(closed).toMatchObject({ event_type: 'closed', id: opened?.id, start: opened?.start });
});

it('a live stream whose pipe is closed is one problem that says so, while others go on', async () => {
  const folder = tempFolder();
  await writeModel(
    join(folder, 'rest.safetensors'),
    tinyModel({ kind: 'robust-z', intervalMs: 1000 }),
  );
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `state: state
embedded: {enabled: false}
streams:
  - {id: piped, source: {kind: stdin}, model: rest.safetensors}
  - {id: host, source: {kind: host}}
sinks: [{kind: log}]
`,
  );
  const run = startSentigon(['run'], { cwd: folder, listens: true });
  run.child.stdin?.end(`{"time":${Date.now()},"a":0}\n`);
  await run.until("stream 'piped' is no longer watched");
  const { stdout } = await sentigon(['ctl', 'health_check'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({
    healthy: false,
    problems: [expect.stringMatching(/^stream 'piped' is no longer watched: its source has ended/)],
    streams: [{ id: 'piped', silentS: null }, { id: 'host' }],
  });
  await stopped(run);
});
