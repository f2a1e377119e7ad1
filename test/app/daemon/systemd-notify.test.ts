import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { createNotifier } from '../../../src/app/daemon/systemd-notify.ts';
import { createLog } from '../../../src/app/log.ts';
import { tempFolder } from '../../io/temp-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

function logTo(lines: string[]) {
  return createLog({ level: 'info', style: 'json', write: (line) => void lines.push(line) });
}

/** A systemd-notify that writes down what it is asked to say. */
function fakeNotify(before = ''): () => string[] {
  const folder = tempFolder();
  const said = join(folder, 'said');
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\n${before}\necho "$*" >> ${said}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${folder}:/bin:/usr/bin`);
  return () => (existsSync(said) ? readFileSync(said, 'utf8').trim().split('\n') : []);
}

describe('the notifier', () => {
  it('tells systemd that it is ready, feeds the watchdog, and stops', async () => {
    const said = fakeNotify();
    const environment = readEnvironment({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '200000' });
    const notifier = createNotifier(environment, logTo([]));
    notifier.ready();
    const pid = `--pid=${process.pid}`;
    const fed = () => said().filter((line) => line === `${pid} WATCHDOG=1`).length;
    await vi.waitUntil(() => fed() >= 3, { timeout: 60_000 });
    notifier.stopping();
    await vi.waitUntil(() => said().includes(`${pid} STOPPING=1`), { timeout: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 300)); // three times of feeding
    expect(said().at(-1)).toBe(`${pid} STOPPING=1`);
    expect(said()).toContain(`${pid} READY=1 STATUS=watching`);
  });

  it('leaves the watchdog hungry while a stream stands still', async () => {
    const said = fakeNotify();
    const lines: string[] = [];
    let standing: string | undefined = 'host';
    const environment = readEnvironment({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '100000' });
    const notifier = createNotifier(environment, logTo(lines), () => standing);
    notifier.ready();
    await vi.waitUntil(() => lines.length >= 3, { timeout: 60_000 });
    expect(said().join()).not.toContain('WATCHDOG');
    expect(lines[0]).toContain('"streamId":"host"');
    standing = undefined;
    await vi.waitUntil(() => said().join().includes('WATCHDOG=1'), { timeout: 60_000 });
    notifier.stopping();
    // messages go one after the other, and the next test has a systemd-notify of its own
    await vi.waitUntil(() => said().join().includes('STOPPING=1'), { timeout: 60_000 });
  });

  it('goes on when systemd-notify hangs, and says so (#18)', async () => {
    const said = fakeNotify('case "$*" in *READY*) exec sleep 60;; esac');
    const lines: string[] = [];
    const environment = readEnvironment({ NOTIFY_SOCKET: '/run/x' });
    const notifier = createNotifier(environment, logTo(lines), () => undefined, 300);
    notifier.ready();
    notifier.stopping();
    await vi.waitUntil(() => said().join().includes('STOPPING=1'), { timeout: 60_000 });
    expect(lines.join()).toContain('it was ended by SIGKILL, after 300 ms');
  });

  it('reports a reload with the time systemd compares, and in order', async () => {
    const said = fakeNotify();
    const notifier = createNotifier(readEnvironment({ NOTIFY_SOCKET: '/run/x' }), logTo([]));
    const beforeUs = process.hrtime.bigint() / 1000n;
    for (let i = 0; i < 5; i++) {
      notifier.reloading();
      notifier.ready();
    }
    const calledUs = process.hrtime.bigint() / 1000n;
    await vi.waitUntil(() => said().length >= 10, { timeout: 60_000 });
    const words = said().map((line) => /RELOADING|READY/.exec(line)?.[0]);
    expect(words).toEqual(Array.from({ length: 5 }, () => ['RELOADING', 'READY']).flat());
    const [, us = '0'] = /RELOADING=1 MONOTONIC_USEC=(\d+)/.exec(said()[0] ?? '') ?? [];
    expect(BigInt(us) - beforeUs).toBeGreaterThanOrEqual(0n);
    expect(BigInt(us)).toBeLessThanOrEqual(calledUs);
  });

  it('feeds no watchdog that is not there', async () => {
    const said = fakeNotify();
    const notifier = createNotifier(readEnvironment({ NOTIFY_SOCKET: '/run/x' }), logTo([]));
    notifier.ready();
    await new Promise((resolve) => setTimeout(resolve, 300));
    notifier.stopping();
    await vi.waitUntil(() => said().length >= 2, { timeout: 60_000 });
    expect(said().join()).not.toContain('WATCHDOG');
  });

  it('says nothing when systemd does not listen', async () => {
    const said = fakeNotify();
    const notifier = createNotifier(readEnvironment({ WATCHDOG_USEC: '100000' }), logTo([]));
    notifier.ready();
    await new Promise((resolve) => setTimeout(resolve, 200));
    notifier.stopping();
    // one that is listened to speaks after it
    createNotifier(readEnvironment({ NOTIFY_SOCKET: '/run/x' }), logTo([])).stopping();
    await vi.waitUntil(() => said().length > 0, { timeout: 60_000 });
    expect(said()).toEqual([`--pid=${process.pid} STOPPING=1`]);
  });

  it('complains once and lives on without systemd-notify', async () => {
    vi.stubEnv('PATH', tempFolder());
    const lines: string[] = [];
    const notifier = createNotifier(readEnvironment({ NOTIFY_SOCKET: '/run/x' }), logTo(lines));
    notifier.ready();
    // messages go one after the other: with the program there is proof that the two before it have failed
    notifier.reloading();
    await vi.waitUntil(() => lines.length > 0, { timeout: 60_000 });
    const said = fakeNotify();
    notifier.stopping();
    await vi.waitUntil(() => said().join().includes('STOPPING=1'), { timeout: 60_000 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('systemd-notify cannot be run');
  });
});
