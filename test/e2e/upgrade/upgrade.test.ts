// The state folder of an earlier release under this one. `state.tgz` was left by release 0.1.0 as of commit 958760d: it
// watched `feed.mjs` with the configuration below, without a broker and under three models, while alerts opened and closed;
// then somebody called an alert normal, planned maintenance and had the stream retrained.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import type { AlertPayload } from '../../../src/io/text/alert-payload.ts';
import { broker } from '../../app/daemon/setup.ts';
import { peek } from '../../io/store/open-store.ts';
import { subscribe } from '../../io/subscriber.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { startSentigon } from '../sentigon.ts';

const NEWEST_MODEL = 'ed09dfb7ef000d9e';

/** `state` and `feed.mjs` in a new folder, with a broker. */
async function earlierState(): Promise<{ folder: string; state: string; url: string }> {
  const folder = tempFolder();
  const archive = fileURLToPath(new URL('state.tgz', import.meta.url));
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const url = await broker();
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `node: pi
state: state
broker: {url: "${url}"}
streams:
  - id: pump
    source: {kind: exec, mode: lines, command: [${process.execPath}, feed.mjs], channels: [{name: "a[V]", key: a}, {name: "b[°C]", key: b}]}
    learn: {detector: pca, rows: 300, intervalMs: 50}
    alerts: {coolDownMs: 1000}
store: {scoreDays: 36500, alertDays: 36500, thinAfterDays: 36500}
sinks: [{kind: mqtt}]
`,
  );
  return { folder, state: join(folder, 'state'), url };
}

it('keeps alerts, scores, models and decisions, and sends what was unsent', async () => {
  const { folder, state, url } = await earlierState();
  const history = join(state, 'history.db');
  const before = peek(
    history,
    'SELECT a.id, a.state FROM outbox o JOIN alert a ON a.sequence = o.alert',
  ) as { id: string; state: string }[];
  const scores = peek(history, 'SELECT time_ms, score FROM score').length;
  expect([before.length, scores]).toEqual([16, 2998]);

  const subscriber = await subscribe(url, 'sentigon/pi/+/event');
  const daemon = startSentigon(['run'], { cwd: folder });
  await daemon.until(new RegExp(`"model":"${NEWEST_MODEL}".*"watching"`));
  const arrived = () => subscriber.messages.map(({ text }) => JSON.parse(text) as AlertPayload);
  await vi.waitFor(
    () => {
      const names = new Set(arrived().map(({ id, event_type }) => `${id} ${event_type}`));
      for (const { id, state } of before) expect(names).toContain(`${id} ${state}`);
    },
    { timeout: 60_000 },
  );

  const socket = join(state, CONTROL_SOCKET);
  await vi.waitUntil(() => existsSync(socket), { timeout: 60_000 });
  const ask = async (request: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const reply = await askDaemon(socket, request, 20_000);
    if (reply.status === 'error') throw new Error(reply.error);
    return reply.data;
  };
  expect(await ask({ verb: 'models', stream: 'pump' })).toMatchObject({
    models: [{ id: 'faa121231b3c8ee0' }, { id: 'b1f33d1f3d807537' }, { id: NEWEST_MODEL }],
  });
  expect(await ask({ verb: 'maintenance', action: 'list' })).toMatchObject({
    windows: [{ id: 'weekly', weekdays: ['sun'], time: '03:30', minutes: 45 }],
  });
  daemon.child.kill('SIGTERM');
  expect((await daemon.ended).code).toBe(0);

  expect(peek(history, 'SELECT time_ms FROM score').length).toBeGreaterThanOrEqual(scores);
  expect(peek(history, "SELECT name FROM decision WHERE kind = 'maintenance'")).toHaveLength(1);
});
