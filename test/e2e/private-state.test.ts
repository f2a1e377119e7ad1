import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Health } from '../../src/core/health.ts';
import { askDaemon, CONTROL_SOCKET } from '../../src/io/local/control-socket.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigon, startSentigon } from './sentigon.ts';

/** Prints a row each 10 ms. */
const MACHINE = `let n = 0; setInterval(() => { n += 1; console.log(JSON.stringify({ load: Math.sin(n / 20) + Math.random() })); }, 10);`;

/** What lies in the folder, all the way down. */
function pathsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

/** Those that others than the owner may read, write or enter. */
function openTo(others: number, folder: string): string[] {
  return pathsIn(folder).filter((path) => lstatSync(join(folder, path)).mode & others);
}

it('a state is for its owner alone, whatever the umask, and what an earlier release left open is closed (#18)', async () => {
  const cwd = tempFolder();
  const machine = {
    id: 'machine',
    source: { kind: 'exec', mode: 'lines', command: [process.execPath, '-e', MACHINE] },
    learn: { rows: 200, intervalMs: 10, detector: 'pca' },
  };
  const config = { embedded: { enabled: false }, streams: [machine], sinks: [{ kind: 'log' }] };
  writeFileSync(join(cwd, 'sentigon.yaml'), JSON.stringify(config));
  const through = ['/bin/sh', '-c', 'umask 0; exec "$@"', 'sh'];
  const run = async (): Promise<void> => {
    const daemon = startSentigon(['run'], { cwd, through });
    await daemon.until('"msg":"watching"', 60_000);
    const scored = async (): Promise<number> => {
      const socket = join(cwd, '.sentigon', CONTROL_SOCKET);
      const reply = await askDaemon(socket, { verb: 'health_check' }, 60_000);
      return reply.status === 'ok' ? ((reply.data as Health).streams[0]?.scored ?? 0) : 0;
    };
    await expect.poll(scored).toBeGreaterThan(5); // so there are rows to keep
    daemon.child.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
  };
  await run();
  const state = join(cwd, '.sentigon');
  const made = pathsIn(state);
  expect(made).toEqual(expect.arrayContaining(['history.db', 'history.db.lock']));
  for (const folder of ['models', 'thresholds', 'rows']) expect(made).toContain(folder);
  expect(openTo(0o077, state)).toEqual([]);
  expect(lstatSync(state).mode & 0o777).toBe(0o700);

  mkdirSync(join(state, 'backups'));
  writeFileSync(join(state, 'backups', 'history-20260101T000000Z.db'), '');
  writeFileSync(join(state, 'of-the-user'), '');
  for (const path of pathsIn(state)) {
    const whole = join(state, path);
    chmodSync(whole, lstatSync(whole).isDirectory() ? 0o755 : 0o644);
  }
  await run();
  expect(openTo(0o077, state)).toEqual(['of-the-user']);

  for (const words of [
    ['backup', 'b.tar.gz'],
    ['restore', 'b.tar.gz', '--state', 'other'],
  ]) {
    expect((await sentigon(words, { cwd, through })).code).toBe(0);
  }
  expect(lstatSync(join(cwd, 'b.tar.gz')).mode & 0o777).toBe(0o600);
  expect(existsSync(join(cwd, 'other/history.db'))).toBe(true);
  expect(openTo(0o077, join(cwd, 'other'))).toEqual([]);
});
