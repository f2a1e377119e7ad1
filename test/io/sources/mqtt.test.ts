import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, SourceError } from '../../../src/core/errors.ts';
import type { Source } from '../../../src/core/source.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { mqttSource } from '../../../src/io/sources/mqtt.ts';
import { freePort } from '../mosquitto.ts';
import { acts, startScriptedBroker } from '../mqtt/scripted-broker.ts';
import { startReading } from '../reading.ts';
import { subscribe } from '../subscriber.ts';

function create(options: object): { source: Source; told: string[] } {
  const told: string[] = [];
  const source = mqttSource.create(mqttSource.options.parse(options), {
    streamId: 'home',
    warn: (message) => told.push(message),
  });
  return { source, told };
}

async function brokerAt(port = 0) {
  const broker = await startBroker({ port });
  onTestFinished(() => broker.close());
  return broker;
}

const channels = [
  { name: 'temperature[°C]', topic: 'zigbee2mqtt/+', path: 'temperature' },
  { name: 'power[W]', topic: 'tele/plug/SENSOR', path: 'ENERGY.Power[1]' },
  { name: 'level', topic: 'plain/level', maxAgeMs: 1000 },
];

describe('mqtt source', () => {
  it('makes samples of the newest readings at a steady interval', async () => {
    const broker = await brokerAt();
    const { source, told } = create({ broker: { url: broker.url }, channels, intervalMs: 50 });
    expect(source.live).toBe(true);
    expect(source.channels).toEqual([
      { id: 'temperature', unit: '°C' },
      { id: 'power', unit: 'W' },
      { id: 'level', unit: '' },
    ]);
    const reading = startReading(source);
    await expect.poll(reading.newest).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const device = await subscribe(broker.url, 'none');
    await device.publish('zigbee2mqtt/cellar', '{"temperature":21.5,"battery":97}');
    await device.publish('tele/plug/SENSOR', '{"ENERGY":{"Power":[1,"2.5"]}}');
    await device.publish('plain/level', ' 7e1 ');
    await expect.poll(reading.newest).toEqual([21.5, 2.5, 70]);
    await expect.poll(reading.newest).toEqual([21.5, 2.5, Number.NaN]); // a second later
    expect(told).toEqual([]);
    reading.stop.abort();
    await reading.ended;
    const times = reading.samples.map(({ timeMs }) => timeMs);
    expect(times.every((timeMs) => timeMs % 50 === 0)).toBe(true);
    expect(new Set(times).size).toBe(times.length);
    expect(reading.samples[0]?.streamId).toBe('home');
  });

  it('ends when it is stopped while a broker does not answer its subscription (#18)', async () => {
    const broker = await startScriptedBroker(() => ({ subscribe: acts.fallSilent }));
    onTestFinished(() => broker.close());
    const { source } = create({ broker: { url: broker.url }, channels });
    const reading = startReading(source);
    await expect.poll(() => broker.heard[0]?.at(-1)?.cmd).toBe('subscribe');
    reading.stop.abort();
    await reading.ended;
    await broker.allClosed();
  });

  it('counts payloads it cannot read and keeps the last reading', async () => {
    const broker = await brokerAt();
    const { source, told } = create({ broker: { url: broker.url }, channels, intervalMs: 50 });
    const reading = startReading(source);
    const device = await subscribe(broker.url, 'none');
    await expect.poll(() => reading.samples.length).toBeGreaterThan(0);
    await device.publish('zigbee2mqtt/cellar', '{"temperature":21.5}');
    await expect.poll(reading.newest).toEqual([21.5, Number.NaN, Number.NaN]);
    await device.publish('zigbee2mqtt/cellar', 'offline');
    await device.publish('zigbee2mqtt/cellar', '{"temprature":22}');
    await device.publish('plain/level', 'high');
    await device.publish('plain/level', 'ON');
    await expect.poll(reading.newest).toEqual([21.5, Number.NaN, 1]);
    reading.stop.abort();
    await reading.ended;
    expect(told[0]).toBe('topic zigbee2mqtt/cellar: payload is not JSON: offline');
    expect(told[1]).toBe(
      `topic plain/level: "high" for channel 'level', expected a number (and 1 more before it)`,
    );
  });

  it('skips a payload that is too long, and counts it', async () => {
    const broker = await brokerAt();
    const options = { broker: { url: broker.url }, channels, intervalMs: 50, maxPayloadKb: 2 };
    const { source, told } = create(options);
    const reading = startReading(source);
    await expect.poll(() => reading.samples.length).toBeGreaterThan(0);
    const device = await subscribe(broker.url, 'none');
    await device.publish('plain/level', `${'7'.padStart(9000)}`);
    await device.publish('plain/level', '8');
    await expect.poll(reading.newest).toEqual([Number.NaN, Number.NaN, 8]);
    reading.stop.abort();
    await reading.ended;
    expect(told).toEqual([
      'topic plain/level: payload of 9 kB, expected 2 at most: raise maxPayloadKb if it is meant',
    ]);
  });

  it('fails when the broker goes, and goes on with its readings when opened again', async () => {
    const broker = await brokerAt();
    const port = Number(new URL(broker.url).port);
    const { source } = create({ broker: { url: broker.url }, channels, intervalMs: 50 });
    const before = startReading(source);
    const device = await subscribe(broker.url, 'none');
    await expect.poll(() => before.samples.length).toBeGreaterThan(0);
    await device.publish('zigbee2mqtt/cellar', '{"temperature":19}');
    await expect.poll(before.newest).toEqual([19, Number.NaN, Number.NaN]);
    await device.end();
    await broker.close();
    await expect(before.ended).rejects.toThrow(SourceError);
    await brokerAt(port);
    const after = startReading(source);
    await expect.poll(after.newest).toEqual([19, Number.NaN, Number.NaN]);
  });

  it('fails when there is no broker, and ends at once when it is stopped', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    await expect(startReading(create({ broker: { url }, channels }).source).ended).rejects.toThrow(
      'refused the connection',
    );
    const stopped = startReading(create({ broker: { url }, channels }).source);
    stopped.stop.abort();
    await stopped.ended;
    expect(stopped.samples).toEqual([]);
  });

  it('keeps pace although its consumer is slow', async () => {
    const broker = await brokerAt();
    const { source } = create({ broker: { url: broker.url }, channels, intervalMs: 20 });
    const stop = new AbortController();
    const times: number[] = [];
    for await (const { timeMs } of source.samples(stop.signal)) {
      times.push(timeMs);
      if (times.length === 2) await sleep(200);
      if (times.length === 4) stop.abort();
    }
    // The ten samples that were due meanwhile are one.
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(160);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThanOrEqual(20);
    expect(times.every((timeMs) => timeMs % 20 === 0)).toBe(true);
  });

  it('refuses topics that are no filters, and a missing broker', () => {
    const make = (topic: string) => () => create({ broker: {}, channels: [{ name: 'a', topic }] });
    expect(make('a/b+/c')).toThrow(ConfigError);
    expect(make('a/#/c')).toThrow("'a/#/c' is not a topic filter");
    expect(() => create({ channels })).toThrow('source mqtt has no broker');
  });
});
