import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import { startOutbox } from '../../../src/io/store/outbox.ts';
import { alertOf } from '../alerts.ts';
import { hasMosquitto, startMosquitto } from '../mosquitto.ts';
import { open } from '../store/open-store.ts';
import { subscribe } from '../subscriber.ts';

const COUNT = 200;
const STATES = Array.from({ length: COUNT }, (_, n) => {
  const id = `a${Math.floor(n / 4)}`;
  return [id, n % 4 === 3 ? 'closed' : n % 4 === 0 ? 'opened' : 'updated'] as const;
});

/** An outbox of 200 states that begins to empty into a Mosquitto of these options. */
async function draining(lines: readonly string[], broker: object) {
  const mosquitto = await startMosquitto((folder) => [
    ...['allow_anonymous true', 'max_queued_messages 0'],
    ...['persistence true', `persistence_location ${folder}/`, ...lines],
  ]);
  const url = `mqtt://127.0.0.1:${mosquitto.port}`;
  const { store } = open();
  for (const [id, state] of STATES) store.addAlert(alertOf(id, state), ['mqtt']);
  const witness = await subscribe(url, 'sentigon/pump1/motor/+', { qos: 2 });
  const faults: string[] = [];
  const sink = mqttSink.create(mqttSink.options.parse({ broker: { url, ...broker } }), {
    ...{ node: 'pump1', version: '1', streams: [{ id: 'motor', channels: [] }] },
    ...{ log: () => undefined, ready: () => pump.wake() },
    warn: (message) => void faults.push(message),
  });
  const pump = startOutbox({
    ...{ store, sinks: [sink], firstRetryMs: 50, longestRetryMs: 200 },
    onFault: (_, { message }) => void faults.push(message),
  });
  onTestFinished(async () => {
    await pump.stop();
    await sink.close();
  });
  const heard = () =>
    witness.messages
      .filter(({ topic, retain }) => topic.endsWith('/event') && !retain)
      .map(({ text }) => {
        const { id, event_type } = JSON.parse(text);
        return `${id} ${event_type}`;
      });
  const lastState = () => {
    const said = witness.messages.filter(({ topic }) => topic.endsWith('/state')).at(-1);
    return JSON.parse(said?.text ?? '{}').state;
  };
  return { mosquitto, store, pump, heard, lastState, faults };
}

const SAID = STATES.map(([id, state]) => `${id} ${state}`);

describe.skipIf(!hasMosquitto)('mqtt sink with a full outbox', () => {
  it.each([
    ['MQTT 3.1.1, QoS 1', [], { protocolVersion: 4, qos: 1 }],
    ['MQTT 3.1.1, QoS 2', [], { protocolVersion: 4, qos: 2 }],
    ['MQTT 5, QoS 1', [], { protocolVersion: 5, qos: 1 }],
    ['MQTT 5, QoS 2', [], { protocolVersion: 5, qos: 2 }],
    [
      'three messages under way, QoS 1',
      ['max_inflight_messages 3'],
      { protocolVersion: 5, qos: 1 },
    ],
    [
      'three messages under way, QoS 2',
      ['max_inflight_messages 3'],
      { protocolVersion: 5, qos: 2 },
    ],
    [
      'one at a time, MQTT 3.1.1, QoS 2',
      ['max_inflight_messages 1'],
      { protocolVersion: 4, qos: 2 },
    ],
    ['QoS 0', [], { qos: 0 }],
  ])('sends each state once and in order: %s', async (_, lines, broker) => {
    const { pump, heard, lastState, faults, store } = await draining(lines, broker);
    expect(await pump.drain(15_000)).toBe(0);
    await expect.poll(() => heard().length).toBe(COUNT);
    expect(heard()).toEqual(SAID);
    await expect.poll(lastState).toBe('OFF');
    expect(faults.filter((fault) => !fault.includes('broker.qos is 0'))).toEqual([]);
    expect(store.backlog().waiting).toEqual({});
  });

  it.each([4, 5])(
    'leaves the last state behind though the broker is killed in between, version %i',
    async (protocolVersion) => {
      const { mosquitto, pump, lastState } = await draining([], { protocolVersion });
      for (let round = 0; round < 3; round += 1) {
        await mosquitto.stop();
        await sleep(30);
        await mosquitto.start();
        await sleep(60 * round);
      }
      expect(await pump.drain(15_000)).toBe(0);
      await expect.poll(lastState).toBe('OFF');
    },
  );
});
