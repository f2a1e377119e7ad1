import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aedes } from 'aedes';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Sink } from '../../../src/core/sink.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import type { SinkContext } from '../../../src/io/sinks/sink-plugin.ts';
import { alertOf } from '../alerts.ts';
import { controlOf } from '../control.ts';
import { hasMosquitto, startMosquitto } from '../mosquitto.ts';
import { subscribe } from '../subscriber.ts';

const ROOT = 'sentigon/pump1';

async function started(options: object, context: Partial<SinkContext> = {}): Promise<Sink> {
  const ready = vi.fn<() => void>();
  const streams = [{ id: 'motor', channels: [] }];
  const base = { node: 'pump1', version: '1.2.3', streams, log: () => undefined, ready };
  const sink = mqttSink.create(mqttSink.options.parse(options), { ...base, ...context });
  onTestFinished(() => sink.close());
  await expect.poll(() => ready.mock.calls.length).toBe(1);
  return sink;
}

async function brokerUrl(): Promise<string> {
  const broker = await startBroker({ port: 0 });
  onTestFinished(() => broker.close());
  return broker.url;
}

describe('mqtt sink of a daemon', () => {
  it('keeps with the broker what it is, how it is doing, and what is silenced', async () => {
    const url = await brokerUrl();
    const { control, standings } = controlOf();
    standings.set('motor', { silencedUntilMs: Date.UTC(2026, 10, 24, 13), maintenance: 'weekly' });
    const live = await subscribe(url, `${ROOT}/info`);
    await started({ broker: { url } }, { control });
    await live.next(() => true);
    const late = await subscribe(url, `${ROOT}/#`);
    const kept = async (topic: string) => {
      const message = await late.next((found) => found.topic === `${ROOT}/${topic}`);
      expect(message).toMatchObject({ retain: true, qos: 1 });
      return JSON.parse(message.text);
    };
    expect(await kept('info')).toEqual({
      version: '1.2.3',
      node: 'pump1',
      config_hash: 'abc123',
      streams: [
        {
          id: 'motor',
          channels: [{ id: 'vibration', unit: 'mm/s' }],
          interval_s: 2,
          model: '0123',
          detector: 'gon',
        },
      ],
    });
    expect(await kept('health')).toEqual({
      ts: '2026-11-24T12:00:00.000Z',
      uptime_s: 3600,
      rss_mb: 71.2,
      event_loop_lag_ms: 12,
      outbox: 3,
      outbox_by_sink: { mqtt: 2, log: 1 },
      dropped: 4,
      problems: ['the disk is full: free some space'],
      streams: [
        {
          stream: 'motor',
          scored: 9,
          ts: '2026-11-24T12:00:00.000Z',
          score: 0.123457,
          ...{ silent_s: 1, disturbed: true },
          drift: { since: '2026-11-24T11:59:00.000Z', distance: 0.456789, ratio: 1.5 },
          promise: { false_alarms_per_day: 3, asked_per_day: 1, seen_days: 0.5 },
        },
        {
          ...{ stream: 'learning', scored: 0, ts: null, score: null, silent_s: null },
          training: { why: 'no model', since: '2026-11-24T11:59:00.000Z', fraction: 0.25 },
        },
      ],
    });
    expect(await kept('motor/silence')).toEqual({
      state: 'ON',
      until: '2026-11-24T13:00:00.000Z',
      maintenance: 'weekly',
    });
  });

  it('says how it is doing again and again', async () => {
    const url = await brokerUrl();
    const live = await subscribe(url, `${ROOT}/health`);
    await started({ broker: { url }, healthIntervalS: 0.05 }, { control: controlOf().control });
    await expect.poll(() => live.messages.length).toBeGreaterThan(2);
  });

  it('says anew what has changed when it is told to', async () => {
    const url = await brokerUrl();
    const { control, standings } = controlOf();
    const sink = await started({ broker: { url } }, { control });
    await sink.send(alertOf('01J'));
    standings.set('motor', { silencedUntilMs: 1e12, acknowledged: ['01J'] });
    const live = await subscribe(url, `${ROOT}/motor/+`);
    sink.refresh?.();
    await live.next(({ text }) => text.includes('2001-09-09'));
    const state = await live.next(({ text }) => text.includes('"acknowledged":true'));
    expect(JSON.parse(state.text)).toMatchObject({ state: 'ON', alert: '01J' });
  });

  it('shows alerts that an earlier run left open, until they are closed', async () => {
    const url = await brokerUrl();
    const sink = await started({ broker: { url } }, { open: [alertOf('left')] });
    const late = await subscribe(url, `${ROOT}/motor/state`);
    await late.next(({ text }) => text.includes('"ON"') && text.includes('left'));
    await sink.send(alertOf('left', 'closed'));
    await late.next(({ text }) => text.includes('"OFF"'));
  });

  it('takes back what the broker keeps of streams that are no more', async () => {
    const url = await brokerUrl();
    const context = { control: controlOf(['motor', 'fan']).control };
    const streams = [
      { id: 'motor', channels: [] },
      { id: 'fan', channels: [] },
    ];
    const witness = await subscribe(url, `${ROOT}/#`);
    const first = await started({ broker: { url } }, { ...context, streams });
    await witness.next(({ topic }) => topic.endsWith('/info'));
    await first.close();
    await started({ broker: { url } }, { control: controlOf().control });
    await witness.next(({ topic, text }) => topic.endsWith('/fan/state') && text === '');
    await witness.next(({ topic, text }) => topic.endsWith('/fan/silence') && text === '');
    const late = await subscribe(url, `${ROOT}/#`);
    await late.next(({ topic }) => topic.endsWith('/motor/silence'));
    expect(late.messages.filter(({ topic }) => topic.includes('/fan/'))).toEqual([]);
  });

  it('is online again after somebody else says it is not, but not after its own goodbye', async () => {
    const url = await brokerUrl();
    const sink = await started({ broker: { url } });
    const other = await subscribe(url, `${ROOT}/status`);
    await other.next(({ text }) => text === 'online');
    await other.publish(`${ROOT}/status`, 'offline', true);
    await expect.poll(() => other.messages.length).toBe(3);
    expect(other.messages.map(({ text }) => text)).toEqual(['online', 'offline', 'online']);
    await sink.close();
    await other.next(({ text }) => text === 'stopped');
    await sleep(50);
    expect(other.messages.at(-1)?.text).toBe('stopped');
  });
});

describe('requests over MQTT', () => {
  it('are carried out and answered with their transaction', async () => {
    const url = await brokerUrl();
    const { control, asked } = controlOf();
    await started({ broker: { url } }, { control });
    const other = await subscribe(url, `${ROOT}/response/+`);
    await other.publish(
      `${ROOT}/request/silence`,
      '{"stream":"motor","minutes":5,"transaction":"t1"}',
    );
    const answer = await other.next(({ topic }) => topic === `${ROOT}/response/silence`);
    expect(JSON.parse(answer.text)).toEqual({
      status: 'ok',
      data: { done: 'silence' },
      transaction: 't1',
    });
    expect(answer).toMatchObject({ retain: false, qos: 1 });
    await other.publish(`${ROOT}/request/info`, '');
    await other.next(({ topic, text }) => topic.endsWith('/info') && !text.includes('transaction'));
    expect(asked).toEqual([
      ['silence', { stream: 'motor', minutes: 5 }],
      ['info', {}],
    ]);
  });

  it('have health said again when that is what is asked', async () => {
    const url = await brokerUrl();
    await started({ broker: { url } }, { control: controlOf().control });
    const other = await subscribe(url, `${ROOT}/health`);
    await other.next(({ retain }) => retain);
    await other.publish(`${ROOT}/request/health_check`, '{}');
    await other.next(({ retain }) => !retain);
  });

  it('that cannot be read are answered with what was expected', async () => {
    const url = await brokerUrl();
    const { control, asked } = controlOf();
    await started({ broker: { url } }, { control });
    const other = await subscribe(url, `${ROOT}/response/+`);
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const long = 'x'.repeat(70_000);
    const unreadable = ['{', '[1]', '"x"', `{"a":"${long}"}`, `{"transaction":${deep}}`];
    for (const payload of unreadable) await other.publish(`${ROOT}/request/ack`, payload);
    await expect.poll(() => other.messages.length).toBe(unreadable.length);
    for (const { text } of other.messages) {
      expect(JSON.parse(text)).toMatchObject({ status: 'error', code: 'CONFIG' });
    }
    expect(asked).toEqual([]);
  });

  it('that the broker kept from an earlier day are not carried out', async () => {
    const url = await brokerUrl();
    const other = await subscribe(url, `${ROOT}/response/+`);
    await other.publish(`${ROOT}/request/silence`, '{"minutes":60}', true);
    const { control, asked } = controlOf();
    await started({ broker: { url } }, { control });
    await other.publish(`${ROOT}/request/info`, '{}');
    await other.next(({ topic }) => topic.endsWith('/info'));
    expect(asked).toEqual([['info', {}]]);
  });

  it('are not heard when they are switched off', async () => {
    const url = await brokerUrl();
    const { control, asked } = controlOf();
    const sink = await started({ broker: { url }, requests: false }, { control });
    const other = await subscribe(url, `${ROOT}/#`);
    await other.publish(`${ROOT}/request/info`, '{}');
    await sink.send(alertOf('01J'));
    await other.next(({ topic }) => topic.endsWith('/event'));
    expect(asked).toEqual([]);
  });
});

describe('a broker that lets nobody listen', () => {
  it('is reported once, and alerts go out all the same', async () => {
    const broker = await Aedes.createBroker({
      authorizeSubscribe: ({ id }, subscription, done) =>
        done(null, id.includes('sink') ? null : subscription),
    });
    const server = createServer(broker.handle).listen(0, '127.0.0.1');
    onTestFinished(() => {
      broker.close();
      server.close();
    });
    await once(server, 'listening');
    const url = `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`;
    const warned: string[] = [];
    const warn = (message: string) => void warned.push(message);
    const sink = await started({ broker: { url } }, { control: controlOf().control, warn });
    const other = await subscribe(url, '#');
    await sink.send(alertOf('01J'));
    await other.next(({ topic }) => topic.endsWith('/event'));
    expect(warned).toEqual([expect.stringContaining('requests are not received: broker')]);
  });
});

describe.skipIf(!hasMosquitto)('requests over Mosquitto', () => {
  it('are answered where MQTT 5 says, with its correlation data', async () => {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const broker = { url: `mqtt://127.0.0.1:${port}`, protocolVersion: 5 as const };
    await started({ broker }, { control: controlOf().control });
    const other = await subscribe(broker.url, '#', { protocolVersion: 5 });
    const wanted = { responseTopic: 'my/answers', correlationData: Buffer.from('c-17') };
    await other.publish(`${ROOT}/request/info`, '{"transaction":7}', false, wanted);
    const answer = await other.next(({ topic }) => topic === 'my/answers');
    expect(answer).toMatchObject({ correlation: 'c-17' });
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'ok', transaction: 7 });
    await other.publish(`${ROOT}/request/info`, '{}');
    await other.next(({ topic }) => topic === `${ROOT}/response/info`);
  });
});
