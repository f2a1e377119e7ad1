import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { ConfigError, ShapeError, SourceError, StoreError } from '../../../src/core/errors.ts';
import type { AlertPayload } from '../../../src/io/text/alert-payload.ts';
import { freePort } from '../../io/mosquitto.ts';
import { peek } from '../../io/store/open-store.ts';
import { type Received, type Subscriber, subscribe } from '../../io/subscriber.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { START_MS, writeMachineModel, writeRecording } from '../recording.ts';
import { broker, configOf, names, start } from './setup.ts';

const FAULTS = [
  [200, 230],
  [400, 430],
] as const;

/** A stream that replays a recording with two faults. */
async function machine(id = 'machine') {
  const folder = tempFolder();
  const path = writeRecording(folder, 'bad-day.csv', { rows: 600, seed: 2, faults: FAULTS });
  return { id, source: { kind: 'csv', path }, model: await writeMachineModel(folder) };
}

const expected = FAULTS.map(([from]) => `anomaly-machine-${START_MS + from * 1000}`).flatMap(
  (id) => [`${id} opened`, `${id} closed`],
);

function events(messages: readonly Received[]): AlertPayload[] {
  return messages
    .filter(({ topic }) => topic.endsWith('/event'))
    .map(({ text }) => JSON.parse(text) as AlertPayload);
}

/** What was heard once `count` events are in: a broker acknowledges before its subscribers have read. */
async function heard({ messages }: Subscriber, count: number): Promise<string[]> {
  await vi.waitUntil(() => events(messages).length >= count, { timeout: 60_000 });
  return received(messages);
}

function received(messages: readonly Received[]): string[] {
  return events(messages).map(({ id, event_type }) => `${id} ${event_type}`);
}

const mqtt = (url: string) => ({ broker: { url }, sinks: [{ kind: 'mqtt' }] });

describe('the daemon', () => {
  it('turns a recording into alerts that a subscriber receives, named by channel', async () => {
    const url = await broker();
    const subscriber = await subscribe(url);
    const config = configOf([await machine()], mqtt(url));
    const { outcome, alerts } = start(config);
    expect(await outcome).toEqual({ unsent: 0, busy: [] });
    expect(names(alerts)).toEqual(expected);
    expect(await heard(subscriber, expected.length)).toEqual(expected);
    expect(events(subscriber.messages)[0]?.attribution.map(({ channel }) => channel)).toContain(
      'temperature',
    );
    const history = join(config.state, HISTORY_FILE);
    expect(names(peek(history, 'SELECT id, state FROM alert ORDER BY sequence'))).toEqual(expected);
    expect(peek(history, 'SELECT count(*) AS n FROM score')).toEqual([{ n: 600 }]);
    expect(peek(history, 'SELECT * FROM outbox')).toEqual([]);
  });

  it('starts without a broker, keeps every alert, and sends them when there is one', async () => {
    const port = await freePort();
    const config = configOf([await machine()], mqtt(`mqtt://127.0.0.1:${port}`));
    const alone = start(config);
    await vi.waitUntil(() => alone.alerts.length === 4, { timeout: 60_000 });
    alone.stop();
    await alone.outcome;
    const history = join(config.state, HISTORY_FILE);
    expect(peek(history, 'SELECT count(*) AS n FROM outbox')).toEqual([{ n: 4 }]);

    const url = await broker(port);
    const subscriber = await subscribe(url);
    expect(await start(config).outcome).toEqual({ unsent: 0, busy: [] });
    expect(await heard(subscriber, expected.length)).toEqual(expected);
  });

  it('goes on with the other streams when one fails, and ends with its error', async () => {
    const broken = join(tempFolder(), 'broken.csv');
    writeFileSync(broken, 'time,power[W],temperature[C]\n1700000000000,1,2\n1700000001000,1\n');
    const good = await machine();
    const bad = { ...good, id: 'broken', source: { kind: 'csv', path: broken } };
    const { outcome, alerts, log } = start(configOf([bad, good]));
    await expect(outcome).rejects.toThrow(SourceError);
    await expect(outcome).rejects.toThrow(/broken\.csv line 3/);
    expect(names(alerts)).toEqual(expected);
    expect(log.filter(({ level }) => level >= 50)).toMatchObject([{ streamId: 'broken' }]);
  });

  it('has a problem while a recording has ended with a fault, and ends well when it is stopped (#18)', async () => {
    const broken = join(tempFolder(), 'broken.csv');
    writeFileSync(broken, 'time,power[W],temperature[C]\n1700000000000,1,2\n1700000001000,1\n');
    const { source, ...machined } = await machine();
    const good = { ...machined, source: { ...source, speed: 1 } };
    const bad = { ...machined, id: 'broken', source: { kind: 'csv', path: broken } };
    const { outcome, log, stop } = start(configOf([bad, good]));
    await vi.waitUntil(
      () => log.some(({ msg }) => /^stream 'broken' has ended: .*line 3/.test(msg)),
      { timeout: 60_000 },
    );
    stop();
    expect(await outcome).toEqual({ unsent: 0, busy: [] });
  });

  it('goes on with the other streams when a live one fails, and stays for it (#18)', async () => {
    const program = join(tempFolder(), 'meter');
    const { model, ...good } = await machine();
    const source = { kind: 'exec', intervalMs: 100, command: [program] };
    const { outcome, alerts, log, stop } = start(
      configOf([
        { ...good, model },
        { id: 'lost', source },
      ]),
    );
    const anomalies = () => alerts.filter(({ kind }) => kind === 'anomaly');
    await vi.waitUntil(() => anomalies().length === expected.length, { timeout: 60_000 });
    await vi.waitUntil(() => log.some(({ msg }) => /'lost' failed, attempt 2: .*meter/.test(msg)), {
      timeout: 60_000,
    });
    writeFileSync(program, '#!/bin/sh\necho level=1\n', { mode: 0o755 });
    const failed = () => alerts.filter(({ kind }) => kind === 'stream_failed');
    await vi.waitUntil(() => failed().length === 2, { timeout: 60_000 });
    expect(failed().map(({ streamId, state }) => `${streamId} ${state}`)).toEqual([
      'lost opened',
      'lost closed',
    ]);
    stop();
    expect(await outcome).toEqual({ unsent: 0, busy: [] });
  });

  it('learns from the first rows of a stream without a model, and keeps what it learnt', async () => {
    const { id, source } = await machine();
    const learn = { rows: 180, detector: 'pca' };
    const config = configOf([{ id, source, learn }]);
    const first = start(config);
    await first.outcome;
    expect(readdirSync(join(config.state, 'models'))).toEqual(['machine.safetensors']);
    expect(first.log.map(({ msg }) => msg)).toContain('learnt');
    expect(first.alerts.map(({ startMs }) => startMs)).toContain(START_MS + 400_000);

    const second = start(config);
    await second.outcome;
    expect(second.log.map(({ msg }) => msg)).not.toContain('learnt');
    expect(second.alerts.length).toBeGreaterThan(0);
  });

  it('learns anew when its learnt model is damaged', async () => {
    const { id, source } = await machine();
    const config = configOf([{ id, source, learn: { rows: 180, detector: 'pca' } }]);
    mkdirSync(join(config.state, 'models'), { recursive: true });
    writeFileSync(join(config.state, 'models', 'machine.safetensors'), 'not a model');
    const { outcome, log } = start(config);
    await outcome;
    const told = log.map(({ msg }) => msg);
    expect(told).toContain('learnt');
    expect(told.join()).toMatch(
      /trained model cannot be used any more: .*is not a safetensors file/,
    );
  });

  it('says how many rows are missing when the source ends before it has learnt', async () => {
    const { id, source } = await machine();
    const { outcome } = start(configOf([{ id, source, learn: { rows: 5000 } }]));
    await expect(outcome).rejects.toThrow(/'machine' ended after 600 rows, learning needs 5000/);
  });
});

describe('a daemon that cannot start', () => {
  it('names a stream whose channels are not those of its model', async () => {
    const folder = tempFolder();
    const path = join(folder, 'wide.csv');
    writeFileSync(path, 'time,power[W],temperature[C],noise\n1700000000000,1,2,3\n');
    const stream = {
      id: 'wide',
      source: { kind: 'csv', path },
      model: await writeMachineModel(folder),
    };
    const { outcome } = start(configOf([stream]));
    await expect(outcome).rejects.toThrow(ShapeError);
    await expect(outcome).rejects.toThrow(/stream 'wide' has 3 channels, model \w+ needs 2/);
  });

  it.each([
    { health: { channels: { pressure: { maxAgeMs: 1 } } } },
    { alerts: { channels: { pressure: { direction: 'above' } } } },
  ])('names a limit for a channel that does not exist: %j', async (limits) => {
    const { outcome, alerts } = start(configOf([{ ...(await machine()), ...limits }]));
    await expect(outcome).rejects.toThrow(ConfigError);
    await expect(outcome).rejects.toThrow(/pressure, which stream 'machine' does not have/);
    expect(alerts).toEqual([]);
  });

  it('names a history that another daemon has open', async () => {
    const config = configOf([await machine()]);
    mkdirSync(config.state, { recursive: true });
    const lock = new SqliteDatabase(join(config.state, `${HISTORY_FILE}.lock`));
    onTestFinished(() => void lock.close());
    lock.exec('BEGIN EXCLUSIVE');
    const { outcome } = start(config);
    await expect(outcome).rejects.toThrow(StoreError);
    await expect(outcome).rejects.toThrow(/history\.db is in use by another daemon/);
  });
});

describe('a corrupt history', () => {
  it('is moved aside, and a storage alert reports it', async () => {
    const url = await broker();
    const subscriber = await subscribe(url);
    const config = configOf([await machine()], mqtt(url));
    mkdirSync(config.state, { recursive: true });
    writeFileSync(join(config.state, HISTORY_FILE), 'this is no database '.repeat(500));
    const { outcome, log } = start(config);
    await outcome;
    const all = await heard(subscriber, expected.length + 2);
    const told = events(subscriber.messages).map(({ kind, event_type }) => `${kind} ${event_type}`);
    expect(told.slice(0, 2)).toEqual(['storage opened', 'storage closed']);
    expect(all.slice(2)).toEqual(expected);
    expect(readdirSync(config.state).join()).toMatch(/history\.db\.corrupt-\d+T\d+Z/);
    expect(log.some(({ msg }) => /history was corrupt: it was moved to/.test(msg))).toBe(true);
  });
});

describe('a daemon that is stopped', () => {
  it('writes its scores and ends within five seconds although the broker hangs', async () => {
    const url = await silentServer();
    const stream = await machine();
    const config = configOf([{ ...stream, source: { ...stream.source, speed: 100 } }], mqtt(url));
    const { outcome, alerts, stop } = start(config);
    await vi.waitUntil(() => alerts.length > 0, { timeout: 60_000 });
    const startMs = performance.now();
    stop();
    await outcome;
    expect(performance.now() - startMs).toBeLessThan(15_000); // five seconds, and reserve for a busy machine
    const history = join(config.state, HISTORY_FILE);
    const [scores] = peek<{ n: number }>(history, 'SELECT count(*) AS n FROM score');
    expect(scores?.n).toBeGreaterThan(200);
    const [unsent] = peek<{ n: number }>(history, 'SELECT count(*) AS n FROM outbox');
    expect(unsent?.n).toBe(alerts.length);
  });

  it('stops while it learns', async () => {
    const { id, source } = await machine();
    const slow = { ...source, speed: 1 };
    const { outcome, log, stop } = start(configOf([{ id, source: slow }]));
    await vi.waitUntil(() => log.some(({ msg }) => /learning what is normal/.test(msg)), {
      timeout: 60_000,
    });
    stop();
    expect(await outcome).toEqual({ unsent: 0, busy: [] });
  });
});

/** Accepts connections and never answers. */
async function silentServer(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
