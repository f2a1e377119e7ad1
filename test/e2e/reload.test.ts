import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { broker } from '../app/daemon/setup.ts';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { type Running, startSentigon } from './sentigon.ts';

interface StreamText {
  readonly id: string;
  readonly health?: string;
}

/** A folder in which streams replay a long recording, and what systemd gets of it. */
async function daemonFolder(url: string) {
  const folder = tempFolder();
  writeRecording(folder, 'machine.csv', { rows: 50_000, seed: 3 });
  await writeMachineModel(folder);
  const said = join(folder, 'said');
  writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$*" >> ${said}\n`);
  chmodSync(join(folder, 'systemd-notify'), 0o755);
  return {
    folder,
    env: { PATH: `${folder}:${process.env['PATH']}`, NOTIFY_SOCKET: '/run/x' },
    told: () => (existsSync(said) ? readFileSync(said, 'utf8').trim().split('\n') : []),
    write(streams: readonly StreamText[]): void {
      const lines = streams.map(
        ({ id, health = '{}' }) =>
          `  - {id: ${id}, source: {kind: csv, path: machine.csv, speed: 20}, ` +
          `model: machine.safetensors, health: ${health}}`,
      );
      const head = `node: pi\nbroker: {url: "${url}"}\nsinks: [{kind: mqtt, scoreEveryS: 0}]\nstreams:\n`;
      writeFileSync(join(folder, 'sentigon.yaml'), `${head}${lines.join('\n')}\n`);
    },
  };
}

function watchingLines(run: Running): string[] {
  return run
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"msg":"watching"'))
    .map((line) => (JSON.parse(line) as { streamId: string }).streamId);
}

describe('sentigon run on SIGHUP', () => {
  it('restarts the streams that changed and no other, and tells systemd', async () => {
    const url = await broker();
    const subscriber = await subscribe(url, 'sentigon/pi/#');
    const { folder, env, told, write } = await daemonFolder(url);
    write([{ id: 'one' }, { id: 'two' }]);
    const run = startSentigon(['run'], { cwd: folder, env });
    await run.until(/watching[\s\S]*watching/);
    await vi.waitUntil(() => told().some((line) => line.includes('READY=1')), { timeout: 60_000 });

    write([{ id: 'one' }, { id: 'two', health: '{maxAgeMs: 1000}' }, { id: 'three' }]);
    run.child.kill('SIGHUP');
    await run.until('configuration read again');
    await vi.waitUntil(() => watchingLines(run).length === 4, { timeout: 60_000 });
    expect(watchingLines(run).slice(2).sort()).toEqual(['three', 'two']);
    await subscriber.next(({ topic }) => topic === 'sentigon/pi/three/score');
    const info = await subscriber.next(
      ({ topic, text }) => topic === 'sentigon/pi/info' && text.includes('three'),
    );
    expect(info.text).toContain('"one"');

    write([{ id: 'three' }]);
    run.child.kill('SIGHUP');
    await vi.waitUntil(() => told().filter((line) => line.includes('READY')).length === 3, {
      timeout: 60_000,
    });
    // in the order of the daemon: what it sent before the reload may arrive after systemd has been told
    const last = await subscriber.next(
      ({ topic, text }) =>
        topic === 'sentigon/pi/info' && text.includes('"three"') && !text.includes('"two"'),
    );
    const later = () =>
      subscriber.messages
        .slice(subscriber.messages.indexOf(last))
        .map(({ topic }) => topic)
        .filter((topic) => topic.endsWith('/score'));
    await vi.waitUntil(() => later().length >= 2, { timeout: 60_000 });
    expect([...new Set(later())]).toEqual(['sentigon/pi/three/score']);
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(0);
    const words = told().map((line) => /READY|RELOADING|STOPPING/.exec(line)?.[0]);
    expect(words).toEqual(['READY', 'RELOADING', 'READY', 'RELOADING', 'READY', 'STOPPING']);
    expect(told()[1]).toMatch(/RELOADING=1 MONOTONIC_USEC=\d+/);
  });

  it.each([
    ['is no YAML', 'streams: [', 'found broken YAML'],
    [
      'names a model that is not there',
      'streams: [{id: one, source: {kind: host}, model: none.safetensors}]',
      'names a file that does not exist',
    ],
    [
      'does not fit its model',
      'streams: [{id: one, source: {kind: host}, model: machine.safetensors}]',
      "stream 'one' has",
    ],
  ])('goes on with the old configuration when the new one %s', async (_, text, reason) => {
    const url = await broker();
    const subscriber = await subscribe(url, 'sentigon/pi/one/score');
    const { folder, env, told, write } = await daemonFolder(url);
    write([{ id: 'one' }]);
    const run = startSentigon(['run'], { cwd: folder, env });
    await run.until('watching');
    writeFileSync(join(folder, 'sentigon.yaml'), text);
    run.child.kill('SIGHUP');
    await run.until('the new configuration is not used, the old one stays in use');
    const [line = ''] = run.stdout().match(/.*configuration is not used.*/) ?? [];
    expect(line).toContain(reason);
    const heard = subscriber.messages.length;
    await vi.waitUntil(() => subscriber.messages.length > heard + 1, { timeout: 60_000 });
    expect(watchingLines(run)).toEqual(['one']);
    await vi.waitUntil(() => told().filter((said) => said.includes('READY')).length === 2, {
      timeout: 60_000,
    });
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(0);
  });
});
