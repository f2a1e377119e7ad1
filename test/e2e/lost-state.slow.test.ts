// The state of a running daemon is deleted or emptied by somebody else (#18).
import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Health } from '../../src/core/health.ts';
import { askDaemon, CONTROL_SOCKET } from '../../src/io/local/control-socket.ts';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import { broker, names } from '../app/daemon/setup.ts';
import { START_MS, writeMachineModel, writeRecording } from '../app/recording.ts';
import { peek } from '../io/store/open-store.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

const FAULTS = Array.from({ length: 20 }, (_, k) => [60 + 100 * k, 80 + 100 * k] as const);
const expected = FAULTS.map(([from]) => `anomaly-machine-${START_MS + from * 1000}`).flatMap(
  (id) => [`${id} opened`, `${id} closed`],
);

const LOSSES: readonly (readonly [what: string, lose: (state: string) => void])[] = [
  ['the folder is deleted', (state) => rmSync(state, { recursive: true })],
  ['the history is deleted', (state) => rmSync(join(state, 'history.db'))],
  ['the history is emptied', (state) => truncateSync(join(state, 'history.db'))],
  [
    'another file takes the place of the history',
    (state) => {
      rmSync(join(state, 'history.db'));
      writeFileSync(join(state, 'history.db'), 'something else');
    },
  ],
];

it.each(LOSSES)(
  '%s while it is open: an alert and a problem tell, and no alert is lost',
  async (_, lose) => {
    const url = await broker();
    const folder = tempFolder();
    const state = join(folder, 'state');
    writeRecording(folder, 'machine.csv', { rows: 2100, seed: 7, faults: FAULTS });
    await writeMachineModel(folder);
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `node: pi
state: state
broker: {url: "${url}"}
streams: [{id: machine, source: {kind: csv, path: machine.csv, speed: 250}, model: machine.safetensors}]
sinks: [{kind: mqtt}]
`,
    );
    const subscriber = await subscribe(url, 'sentigon/pi/+/event');
    const events = () => subscriber.messages.map(({ text }) => JSON.parse(text) as AlertPayload);
    const run = startSentigon(['run'], { cwd: folder });
    await vi.waitUntil(() => events().length >= 2, { timeout: 20_000 });
    lose(state);
    const after = await vi.waitUntil(() => events().find(({ kind }) => kind === 'storage'), {
      timeout: 20_000,
    });
    expect(after.event_type).toBe('opened');
    const socket = join(state, CONTROL_SOCKET);
    await vi.waitUntil(() => existsSync(socket), { timeout: 20_000 });
    const reply = await askDaemon(socket, { verb: 'health_check' }, 20_000);
    if (reply.status === 'error') throw new Error(reply.error);
    expect(reply.data).toMatchObject({ healthy: false });
    expect((reply.data as Health).problems.join()).toMatch(/history/);
    expect((await run.ended).code).toBe(0);
    const heard = new Set(events().map(({ id, event_type }) => `${id} ${event_type}`));
    for (const one of expected) expect(heard).toContain(one);
    const kept = names(peek(join(state, 'history.db'), 'SELECT id, state FROM alert'));
    for (const one of expected.slice(4)) expect(kept).toContain(one);
    expect(readdirSync(state)).toContain('history.db.lock');
  },
  60_000,
);
