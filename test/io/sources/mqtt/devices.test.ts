import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, SourceError } from '../../../../src/core/errors.ts';
import { startBroker } from '../../../../src/io/broker/embedded.ts';
import { mqttSource } from '../../../../src/io/sources/mqtt.ts';
import { startReading } from '../../reading.ts';
import { subscribe } from '../../subscriber.ts';

const numeric = (property: string, unit: string) => ({
  type: 'numeric',
  access: 1,
  property,
  unit,
});
const list = (...properties: string[]) =>
  JSON.stringify([
    {
      friendly_name: 'cellar',
      type: 'EndDevice',
      definition: { exposes: properties.map((property) => numeric(property, '°C')) },
    },
  ]);

async function home(options: object) {
  const broker = await startBroker({ port: 0 });
  onTestFinished(() => broker.close());
  const told: string[] = [];
  const source = mqttSource.create(
    mqttSource.options.parse({ broker: { url: broker.url }, intervalMs: 20, ...options }),
    { streamId: 'home', warn: (message) => told.push(message) },
  );
  const gateway = await subscribe(broker.url, 'none');
  return { source, told, gateway, read: () => startReading(source) };
}

const zigbee = { preset: 'zigbee2mqtt', listenMs: 300 };

describe('mqtt source with devices', () => {
  it('finds its channels in retained messages, and keeps to them', async () => {
    const { source, told, gateway, read } = await home({
      devices: [zigbee],
      channels: [{ name: 'level[m]', topic: 'well/level' }],
    });
    await gateway.publish('zigbee2mqtt/bridge/devices', list('temperature', 'dew_point'), true);
    await gateway.publish('zigbee2mqtt/cellar', '{"temperature":12.5,"linkquality":90}', true);
    expect(source.channels.map(({ id }) => id)).toEqual(['level']);
    const { newest, stop, ended } = read();
    await expect.poll(newest).toEqual([Number.NaN, Number.NaN, 12.5]);
    expect(source.channels).toEqual([
      { id: 'level', unit: 'm' },
      { id: 'cellar.dew_point', unit: '°C' },
      { id: 'cellar.temperature', unit: '°C' },
    ]);
    await gateway.publish('well/level', '3');
    await gateway.publish('zigbee2mqtt/bridge/devices', list('temperature', 'soil'));
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]).toBe(
      'source mqtt: cellar.soil[°C] came later and is not watched: start again to learn it',
    );
    await expect.poll(newest).toEqual([3, Number.NaN, 12.5]);
    expect(source.channels).toHaveLength(3);
    stop.abort();
    await ended;
    await expect.poll(read().newest).toEqual([3, Number.NaN, 12.5]); // opened again: nothing to find
  });

  it('takes the channels it is told to, without listening for others', async () => {
    const { source, told, gateway, read } = await home({
      devices: [{ preset: 'zigbee2mqtt' }],
      keep: ['attic.humidity[%]', 'cellar.temperature[°C]'],
    });
    expect(source.channels.map(({ id }) => id)).toEqual(['attic.humidity', 'cellar.temperature']);
    await gateway.publish('zigbee2mqtt/bridge/devices', list('temperature', 'soil'), true);
    const { newest } = read();
    await expect.poll(newest).toEqual([Number.NaN, Number.NaN]);
    await gateway.publish('zigbee2mqtt/cellar', '{"temperature":12.5,"soil":1}');
    await expect.poll(newest).toEqual([Number.NaN, 12.5]);
    expect(told).toEqual([]);
  });

  it('fails when it hears of no device, and finds those that are there when opened again', async () => {
    const { source, gateway, read } = await home({ devices: [zigbee] });
    const { ended } = read();
    await expect(ended).rejects.toThrow(SourceError);
    await expect(ended).rejects.toThrow(
      'found no device of zigbee2mqtt below zigbee2mqtt within 300 ms: correct base',
    );
    await gateway.publish('zigbee2mqtt/bridge/devices', list('temperature'), true);
    const { newest } = read();
    await expect.poll(newest).toEqual([Number.NaN]);
    expect(source.channels).toHaveLength(1);
  });

  it('ends at once when it is stopped while it listens', async () => {
    const { read } = await home({ devices: [{ ...zigbee, listenMs: 60_000 }] });
    const { stop, ended } = read();
    setTimeout(() => stop.abort(), 100);
    await expect(ended).resolves.toBeUndefined(); // long before it has listened for its time
  });

  it('refuses what makes no topics, and nothing at all', async () => {
    await expect(home({})).rejects.toThrow('has nothing to read: set channels or devices');
    const channels = [{ name: 'a', topic: 'a' }];
    await expect(home({ channels, keep: ['b'] })).rejects.toThrow('has keep without devices');
    const bad = home({ devices: [{ preset: 'zigbee2mqtt', base: 'a/#/b' }] });
    await expect(bad).rejects.toThrow(ConfigError);
    await expect(home({ devices: [{ preset: 'tasmota', base: 'tele/' }] })).rejects.toThrow(
      "source mqtt, tasmota: 'tele/' is not a full topic: expected %prefix% and %topic% in it",
    );
  });
});
