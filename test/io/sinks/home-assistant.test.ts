import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import {
  createHomeAssistant,
  homeAssistantOptions,
} from '../../../src/io/sinks/mqtt/home-assistant.ts';
import { deviceConfig } from '../../../src/io/sinks/mqtt/home-assistant-device.ts';
import type { Component } from '../../../src/io/sinks/mqtt/home-assistant-stream.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import { controlOf } from '../control.ts';
import { subscribe } from '../subscriber.ts';
import { ACCEPTED, NEEDED } from './home-assistant-schema.ts';

interface Config {
  readonly device: object;
  readonly origin: { readonly name: string };
  readonly availability: readonly { readonly topic: string; readonly value_template: string }[];
  readonly components: Readonly<Record<string, Component>>;
}

const parts = {
  root: 'sentigon/pump-1',
  node: 'pump-1',
  version: '1.2.3',
  qos: 1 as const,
  silenceMinutes: 60,
  scoreEveryS: 10,
  streams: [
    { id: 'motor', intervalMs: 1000 },
    { id: 'Slow-one', intervalMs: 600_000 },
  ],
};

const config = deviceConfig(parts) as Config;
const components = Object.entries(config.components);

describe('the device for Home Assistant', () => {
  it('has only keys that Home Assistant knows, and those it needs', () => {
    const strangers = (found: object, accepted: readonly string[]) =>
      Object.keys(found).filter((key) => !accepted.includes(key));
    expect(strangers(config, ACCEPTED.root)).toEqual([]);
    expect(strangers(config.device, ACCEPTED.device)).toEqual([]);
    expect(strangers(config.origin, ACCEPTED.origin)).toEqual([]);
    for (const one of config.availability) {
      expect(strangers(one, ACCEPTED.availability)).toEqual([]);
    }
    for (const [key, component] of components) {
      const platform = component.platform as keyof typeof NEEDED;
      expect(NEEDED, key).toHaveProperty([platform]);
      expect(strangers(component, [...ACCEPTED.entity, ...ACCEPTED[platform]]), key).toEqual([]);
      expect(component, key).toMatchObject({ unique_id: expect.any(String) });
      for (const needed of NEEDED[platform]) expect(component, key).toHaveProperty([needed]);
    }
  });

  it('has the entities of each stream and of the daemon, with ids of their own', () => {
    const platforms = (start: string) =>
      components.filter(([key]) => key.startsWith(start)).map(([, { platform }]) => platform);
    const stream = [
      ...['sensor', 'event', 'binary_sensor', 'sensor', 'sensor', 'sensor'],
      ...['switch', 'button', 'button'],
    ];
    expect(platforms('motor_')).toEqual(stream);
    expect(platforms('Slow-one_')).toEqual(stream);
    expect(platforms('daemon_')).toEqual([
      ...['sensor', 'sensor', 'sensor', 'sensor'],
      ...['update', 'button'],
    ]);
    const ids = components.map(([, component]) => component['unique_id']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [key, { platform, default_entity_id: id }] of components) {
      expect(id, key).toMatch(new RegExp(`^${platform}\\.[a-z0-9_]+$`));
    }
    expect(config.components['Slow-one_score']).toMatchObject({
      default_entity_id: 'sensor.pump_1_slow_one_score',
    });
  });

  it('never lets an event be kept, and calls it by the words that events carry', () => {
    const event = config.components['motor_event'];
    expect(event).not.toHaveProperty('retain');
    expect(event?.['event_types']).toEqual(['opened', 'updated', 'closed']);
  });

  it('is not available when it is stopped, offline or unheard of', () => {
    expect(config.availability).toEqual([
      {
        topic: 'sentigon/pump-1/status',
        value_template: "{{ 'online' if value == 'online' else 'offline' }}",
      },
    ]);
  });

  it('offers to acknowledge while an alert is open, among the controls', () => {
    const ack = config.components['motor_ack'];
    expect(ack).toMatchObject({
      availability_mode: 'all',
      availability: [config.availability[0], { topic: 'sentigon/pump-1/motor/state' }],
    });
    expect(ack).not.toHaveProperty('entity_category');
  });

  it('has states that Home Assistant takes: words of a list without a unit, percents with one', () => {
    for (const [key, component] of components) {
      if (component['device_class'] !== 'enum') continue;
      expect(component['options'], key).toEqual(['none', 'info', 'warning', 'critical']);
      expect(component, key).not.toHaveProperty('state_class');
      expect(component, key).not.toHaveProperty('unit_of_measurement');
    }
    expect(config.components['motor_learning']).toMatchObject({ unit_of_measurement: '%' });
    expect(config.device).not.toHaveProperty('configuration_url');
    const linked = deviceConfig({ ...parts, pageUrl: 'http://pi.local:8470/' }) as Config;
    expect(linked.device).toMatchObject({ configuration_url: 'http://pi.local:8470/' });
  });

  it('calls a score stale after some rows, however far these are apart', () => {
    expect(config.components['motor_score']).toMatchObject({ expire_after: 180 });
    expect(config.components['Slow-one_score']).toMatchObject({ expire_after: 3000 });
    const rare = deviceConfig({ ...parts, scoreEveryS: 300 }) as Config;
    expect(rare.components['motor_score']).toMatchObject({ expire_after: 1500 });
  });

  it('has switches and buttons whose requests the daemon understands', () => {
    const { motor_silence: silence, motor_ack: ack } = config.components;
    expect(silence).toMatchObject({ command_topic: 'sentigon/pump-1/request/silence' });
    expect(JSON.parse(String(silence?.['payload_on']))).toEqual({ stream: 'motor', minutes: 60 });
    expect(JSON.parse(String(silence?.['payload_off']))).toEqual({ stream: 'motor', minutes: 0 });
    expect(JSON.parse(String(ack?.['payload_press']))).toEqual({ stream: 'motor' });
  });
});

describe('announcing to Home Assistant', () => {
  const TOPIC = 'homeassistant/device/sentigon_pump-1/config';

  function assistant(options: object = {}) {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const said: { topic: string; config: Config | undefined; retain: boolean }[] = [];
    const repeat = vi.fn<() => void>();
    const made = createHomeAssistant(homeAssistantOptions.parse(options), {
      parts: () => parts,
      publish: ({ topic, payload, retain }) => {
        said.push({
          topic,
          config: payload === '' ? undefined : JSON.parse(String(payload)),
          retain,
        });
      },
      repeat,
      random: () => 0.5,
    });
    return { made, said, repeat };
  }

  it('keeps one message for the whole device with the broker', () => {
    const { made, said } = assistant();
    made.announce();
    expect(said).toEqual([{ topic: TOPIC, config, retain: true }]);
    expect(made.filters).toEqual([TOPIC, 'homeassistant/status']);
  });

  it('names what an earlier configuration had once more, with its platform only, and then no more', () => {
    const { made, said } = assistant();
    const earlier = { ...config, components: { fan_score: { platform: 'sensor', name: 'x' } } };
    expect(made.take(TOPIC, Buffer.from(JSON.stringify(earlier)), true)).toBe(true);
    made.announce();
    expect(said.map((one) => one.config?.components['fan_score'])).toEqual([
      { platform: 'sensor' },
      undefined,
    ]);
    expect(said.at(-1)?.config).toEqual(config);
    made.announce();
    expect(said).toHaveLength(3);
  });

  it('learns nothing from what is no announcement, nor from its own', () => {
    const { made, said } = assistant();
    const odd = JSON.stringify({ components: { fan_score: { platform: 'sensor' } } });
    for (const text of ['', 'nonsense', '{"components":7}']) {
      expect(made.take(TOPIC, Buffer.from(text), true)).toBe(true);
    }
    made.take(TOPIC, Buffer.from(odd), false);
    made.announce();
    expect(said).toHaveLength(1);
    expect(made.take('other/topic', Buffer.from(odd), true)).toBe(false);
  });

  it('answers a Home Assistant that starts, after a while of its own', async () => {
    const { made, said, repeat } = assistant({ birthDelayS: 10 });
    made.take('homeassistant/status', Buffer.from('online'), false);
    await vi.advanceTimersByTimeAsync(4999);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(said).toHaveLength(1);
    expect(repeat).toHaveBeenCalledOnce();
  });

  it('answers nothing when it goes, when the word is an old one, or after it was closed', async () => {
    const { made, said } = assistant();
    made.take('homeassistant/status', Buffer.from('offline'), false);
    made.take('homeassistant/status', Buffer.from('online'), true);
    await vi.advanceTimersByTimeAsync(60_000);
    made.take('homeassistant/status', Buffer.from('online'), false);
    made.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual([]);
  });

  it('takes the device back when it is switched off', () => {
    const { made, said } = assistant({ enabled: false, prefix: 'ha' });
    made.announce();
    expect(said).toEqual([
      { topic: 'ha/device/sentigon_pump-1/config', config: undefined, retain: true },
    ]);
    expect(made.filters).toEqual([]);
  });
});

describe('the mqtt sink with Home Assistant', () => {
  it('announces its device, forgets a stream that is gone, and says all again to one that starts', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    const start = (ids: readonly string[]) => {
      const streams = ids.map((id) => ({ id, channels: [] }));
      const options = { broker: { url: broker.url }, homeAssistant: { birthDelayS: 0 } };
      const sink = mqttSink.create(mqttSink.options.parse(options), {
        node: 'pump1',
        version: '1',
        streams,
        control: controlOf(ids).control,
        log: () => undefined,
      });
      onTestFinished(() => sink.close());
      return sink;
    };
    const assistant = await subscribe(broker.url, '#');
    const first = start(['motor', 'fan']);
    const announced = await assistant.next(({ topic }) => topic.includes('/device/'));
    expect(announced.topic).toBe('homeassistant/device/sentigon_pump1/config');
    expect(JSON.parse(announced.text).components).toHaveProperty('fan_score');
    await first.close();

    start(['motor']);
    await assistant.next(({ text }) => text.includes('"fan_score":{"platform":"sensor"}'));
    const isClean = ({ topic, text }: { topic: string; text: string }) =>
      topic.includes('/device/') && !text.includes('fan_score');
    await assistant.next(isClean);
    const late = await subscribe(broker.url, 'homeassistant/#');
    expect(isClean(await late.next(({ retain }) => retain))).toBe(true);

    const again = await subscribe(broker.url, '#');
    await again.publish('homeassistant/status', 'online');
    for (const topic of ['device/sentigon_pump1/config', 'pump1/status', 'pump1/motor/state']) {
      await again.next((found) => found.topic.endsWith(topic) && !found.retain);
    }
  });
});
