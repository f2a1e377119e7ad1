import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigError, SinkError } from '../../../src/core/errors.ts';
import type { Sink } from '../../../src/core/sink.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import type { SinkContext } from '../../../src/io/sinks/sink-plugin.ts';
import { alertOf } from '../alerts.ts';
import { freePort, hasMosquitto, startMosquitto } from '../mosquitto.ts';
import { subscribe } from '../subscriber.ts';

const streams = [{ id: 'motor', channels: [{ id: 'vibration', unit: 'mm/s' }] }];

function create(options: object, changes: Partial<SinkContext> = {}) {
  const warn = vi.fn<(message: string) => void>();
  const ready = vi.fn<() => void>();
  const context = { node: 'pump1', version: '1.2.3', streams, log: () => undefined, warn, ready };
  const sink: Sink = mqttSink.create(mqttSink.options.parse(options), { ...context, ...changes });
  onTestFinished(() => sink.close());
  return { sink, warn, ready };
}

async function brokerAt(port = 0) {
  const broker = await startBroker({ port });
  onTestFinished(() => broker.close());
  return { ...broker, port: Number(new URL(broker.url).port) };
}

const score = { streamId: 'motor', timeMs: 1.7e12, score: 0.123456789, level: 2, anomalous: false };

describe('mqtt sink', () => {
  it('publishes an alert as event and as retained state', async () => {
    const broker = await brokerAt();
    const { sink } = create({ broker: { url: broker.url } });
    const live = await subscribe(broker.url, 'sentigon/pump1/motor/#');
    await sink.send(alertOf('01J'));
    const event = await live.next(({ topic }) => topic.endsWith('/event'));
    expect(event).toMatchObject({ topic: 'sentigon/pump1/motor/event', qos: 1, retain: false });
    expect(JSON.parse(event.text)).toMatchObject({ event_type: 'opened', id: '01J', threshold: 1 });
    const late = await subscribe(broker.url);
    const state = await late.next(({ topic }) => topic.endsWith('/state'));
    expect(state).toMatchObject({ topic: 'sentigon/pump1/motor/state', retain: true, qos: 1 });
    expect(JSON.parse(state.text)).toMatchObject({
      state: 'ON',
      alert: '01J',
      severity: 'warning',
      channel: 'vibration',
    });
    expect(late.messages.some(({ topic }) => topic.endsWith('/event'))).toBe(false);
    await sink.send(alertOf('01J', 'closed'));
    await late.next(({ topic, text }) => topic.endsWith('/state') && text.includes('"OFF"'));
  });

  it('is online while it runs, says what it is, and stops in order', async () => {
    const broker = await brokerAt();
    const { sink, ready } = create({ broker: { url: broker.url }, base: 'site' });
    const other = await subscribe(broker.url, 'site/pump1/#');
    await other.next(({ topic, text }) => topic === 'site/pump1/status' && text === 'online');
    const info = await other.next(({ topic }) => topic === 'site/pump1/info');
    expect(JSON.parse(info.text)).toEqual({ version: '1.2.3', streams });
    const state = await other.next(({ topic }) => topic === 'site/pump1/motor/state');
    expect(JSON.parse(state.text).state).toBe('OFF');
    await expect.poll(() => ready.mock.calls.length).toBe(1);
    await sink.close();
    await other.next(({ text }) => text === 'stopped');
    const late = await subscribe(broker.url, 'site/pump1/status');
    expect(await late.next(() => true)).toMatchObject({ text: 'stopped', retain: true });
  });

  it('thins out scores and never sends one late', async () => {
    const broker = await brokerAt();
    const { sink, ready } = create({ broker: { url: broker.url }, scoreEveryS: 1 });
    sink.report?.(score); // not connected yet: dropped
    await expect.poll(() => ready.mock.calls.length).toBe(1);
    const other = await subscribe(broker.url, '+/+/+/score');
    for (let i = 0; i < 50; i += 1) sink.report?.({ ...score, timeMs: score.timeMs + i });
    await sleep(1100);
    sink.report?.({ ...score, timeMs: score.timeMs + 99, anomalous: true });
    await other.next(({ text }) => text.includes('true'));
    expect(other.messages.map(({ text }) => JSON.parse(text))).toEqual([
      { ts: '2023-11-14T22:13:20.000Z', score: 0.123457, level: 2, anomalous: false },
      { ts: '2023-11-14T22:13:20.099Z', score: 0.123457, level: 2, anomalous: true },
    ]);
    expect(other.messages[0]).toMatchObject({ qos: 0, retain: false });
  });

  it('sends the score of a change of an alert at once', async () => {
    const broker = await brokerAt();
    const { sink, ready } = create({ broker: { url: broker.url }, scoreEveryS: 3600 });
    await expect.poll(() => ready.mock.calls.length).toBe(1);
    const other = await subscribe(broker.url, '+/+/+/score');
    sink.report?.(score);
    sink.report?.({ ...score, score: 0.5 });
    sink.report?.({ ...score, score: 1.5, anomalous: true });
    await sink.send(alertOf('01J'));
    await other.next(({ text }) => text.includes('1.5'));
    await sink.send(alertOf('01J', 'closed')); // nothing newer is known
    sink.report?.({ ...score, score: 0.25 });
    await sink.send(alertOf('02J'));
    await other.next(({ text }) => text.includes('0.25'));
    expect(other.messages.map(({ text }) => JSON.parse(text).score)).toEqual([0.123457, 1.5, 0.25]);
  });

  it('starts without a broker, rejects meanwhile, and finds the broker when it comes', async () => {
    const port = await freePort();
    const { sink, warn, ready } = create({ broker: { url: `mqtt://127.0.0.1:${port}` } });
    await expect(sink.send(alertOf('01J'))).rejects.toThrow(SinkError);
    await expect(sink.send(alertOf('01J'))).rejects.toThrow('refused the connection');
    expect(warn.mock.calls).toEqual([[expect.stringContaining('sink mqtt: broker mqtt://')]]);
    await brokerAt(port);
    await expect.poll(() => ready.mock.calls.length).toBe(1);
    await expect(sink.send(alertOf('01J'))).resolves.toBeUndefined();
  });

  it('tells a broker that forgot everything again what is retained', async () => {
    const first = await brokerAt();
    const { sink, warn } = create({ broker: { url: first.url } });
    await sink.send(alertOf('01J'));
    await first.close();
    await expect.poll(() => warn.mock.calls.length).toBe(1);
    const second = await brokerAt(first.port);
    const other = await subscribe(second.url);
    await other.next(({ topic, text }) => topic.endsWith('/status') && text === 'online');
    await other.next(({ topic, text }) => topic.endsWith('/motor/state') && text.includes('01J'));
  });

  it('closes in time although the broker hangs', async () => {
    const port = await freePort();
    const { sink } = create({
      broker: { url: `mqtt://127.0.0.1:${port}`, connectTimeoutMs: 60_000 },
    });
    const { createServer } = await import('node:net');
    const server = createServer(() => undefined).listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'connection'); // now it waits for an answer that never comes
    const startMs = performance.now();
    await sink.close();
    expect(performance.now() - startMs).toBeLessThan(15_000); // two seconds, and reserve for a busy machine
  });

  it('refuses names that are no topic levels, and a missing broker', () => {
    expect(() => create({ broker: {} }, { node: 'a/+' })).toThrow(ConfigError);
    const odd = { streams: [{ id: 'x#', channels: [] }] };
    expect(() => create({ broker: {} }, odd)).toThrow("'x#' is not a topic");
    const taken = { streams: [{ id: 'request', channels: [] }] };
    expect(() => create({ broker: {} }, taken)).toThrow("stream 'request' has the name of a topic");
    expect(() => create({})).toThrow('sink mqtt has no broker: set its broker.url');
  });
});

describe.skipIf(!hasMosquitto)('mqtt sink on Mosquitto', () => {
  it('lets events expire under MQTT 5', async () => {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const broker = { url: `mqtt://127.0.0.1:${port}`, protocolVersion: 5 };
    const { sink } = create({ broker, eventExpiryS: 600 });
    const other = await subscribe(broker.url, '#', { protocolVersion: 5 });
    await sink.send(alertOf('01J'));
    const event = await other.next(({ topic }) => topic.endsWith('/event'));
    expect(event.expiryS).toBeGreaterThanOrEqual(599);
    const state = await other.next(({ topic }) => topic.endsWith('/state'));
    expect(state.expiryS).toBeUndefined();
  });

  it('is declared offline by the broker when its process is killed', async () => {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const url = `mqtt://127.0.0.1:${port}`;
    const other = await subscribe(url, 'sentigon/victim/status');
    const { spawn } = await import('node:child_process');
    const at = (path: string) =>
      JSON.stringify(new URL(`../../../src/io/${path}`, import.meta.url).href);
    const program = `
      const { mqttSink } = await import(${at('sinks/mqtt.ts')});
      const options = mqttSink.options.parse({ broker: { url: ${JSON.stringify(url)} } });
      mqttSink.create(options, { node: 'victim', version: '1', streams: [], log() {} });`;
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      {
        stdio: 'ignore',
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    await other.next(({ text }) => text === 'online');
    child.kill('SIGKILL');
    await other.next(({ text }) => text === 'offline');
  });
});
