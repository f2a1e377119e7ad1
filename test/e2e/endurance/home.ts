// A home with a sensor of each kind that the mqtt source knows, watched by a daemon.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeModel } from '../../../src/app/models/model-folder.ts';
import type { AlertPayload } from '../../../src/io/text/alert-payload.ts';
import { tinyModel } from '../../app/tiny-model.ts';
import type { Subscriber } from '../../io/subscriber.ts';

export interface HomeSensor {
  readonly id: string;
  readonly unit: string;
  readonly topic: string;
  payload(value: number): string;
}

export const SENSORS: readonly HomeSensor[] = [
  { id: 'level', unit: 'm', topic: 'well/level', payload: String },
  {
    id: 'cellar.temperature',
    unit: '°C',
    topic: 'zigbee2mqtt/cellar',
    payload: (temperature) => JSON.stringify({ temperature }),
  },
  {
    id: 'plug.ENERGY.Power',
    unit: 'W',
    topic: 'tele/plug/SENSOR',
    payload: (Power) => JSON.stringify({ ENERGY: { Power } }),
  },
  { id: 'pump.flow', unit: 'l/min', topic: 'pump/sensor/flow/state', payload: String },
  {
    id: 'Nexus.7.temperature_C',
    unit: '°C',
    topic: 'rtl_433/pi/events',
    payload: (value) => JSON.stringify({ model: 'Nexus', id: 7, temperature_C: value }),
  },
];

/** What gateways say of their devices, and that these are there. */
const ANNOUNCED: readonly (readonly [topic: string, payload: string])[] = [
  [
    'zigbee2mqtt/bridge/devices',
    JSON.stringify([
      {
        friendly_name: 'cellar',
        type: 'EndDevice',
        definition: {
          exposes: [{ type: 'numeric', access: 1, property: 'temperature', unit: '°C' }],
        },
      },
    ]),
  ],
  ['zigbee2mqtt/bridge/state', 'online'],
  ['zigbee2mqtt/cellar/availability', 'online'],
  ['tele/plug/LWT', 'Online'],
  [
    'homeassistant/sensor/pump/flow/config',
    JSON.stringify({ stat_t: 'pump/sensor/flow/state', unit_of_meas: 'l/min' }),
  ],
  ['pump/status', 'online'],
];

/** Other topics that the presets read. */
export const GATEWAY_TOPICS: readonly string[] = [
  ...ANNOUNCED.map(([topic]) => topic),
  'tasmota/discovery/AABBCC/config',
  'tasmota/discovery/AABBCC/sensors',
  'tele/plug/STATE',
  'stat/plug/RESULT',
];

async function announce(home: Subscriber): Promise<void> {
  for (const [topic, payload] of ANNOUNCED) await home.publish(topic, payload);
}

/** All sensors rest, but perhaps one. */
async function speak(home: Subscriber, anomalous?: HomeSensor): Promise<void> {
  for (const sensor of SENSORS) {
    await home.publish(sensor.topic, sensor.payload(sensor === anomalous ? 9 : 0));
  }
}

/** Has one sensor raise an alert and rest again; returns the alert as it was opened. `events` hears the alerts of the home. */
export async function raiseAlarm(
  home: Subscriber,
  events: Subscriber,
  anomalous?: HomeSensor,
): Promise<AlertPayload> {
  const seen = events.messages.length;
  const has = (state: string) => () =>
    events.messages.slice(seen).some(({ text }) => text.includes(`"${state}"`));
  await speakUntil(home, has('opened'), anomalous);
  const opened = JSON.parse(events.messages[seen]?.text ?? '{}') as AlertPayload;
  await speakUntil(home, has('closed'));
  return opened;
}

/** Speaks again and again, as sensors do: a broker drops what a slow reader does not take. Throws after half a minute. */
async function speakUntil(
  home: Subscriber,
  done: () => boolean,
  anomalous?: HomeSensor,
): Promise<void> {
  const endMs = performance.now() + 30_000;
  while (!done()) {
    if (performance.now() > endMs) throw new Error('the daemon did not hear in half a minute');
    await announce(home);
    await speak(home, anomalous);
    await sleep(100);
  }
}

/** A model whose score is the mean of the sensors, and a configuration that watches them ten times a second. */
export async function writeHome(folder: string, url: string): Promise<void> {
  const channels = SENSORS.map(({ id, unit }) => ({ id, unit }));
  await writeModel(
    join(folder, 'home.safetensors'),
    tinyModel({ kind: 'robust-z', intervalMs: 100, channels }),
  );
  const keep = channels.slice(1).map(({ id, unit }) => `${id}[${unit}]`);
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `node: pi
state: state
broker: {url: "${url}"}
streams:
  - id: home
    source:
      kind: mqtt
      intervalMs: 100
      channels: [{name: "level[m]", topic: well/level, maxAgeMs: 3600000}]
      devices: [{preset: zigbee2mqtt}, {preset: tasmota}, {preset: esphome}, {preset: rtl_433}]
      keep: ${JSON.stringify(keep)}
    model: home.safetensors
    threshold: {kind: fixed, level: 1}
    windows: {maxImputed: 1}
    alerts: {openCount: 1, openWithin: 1, closeAfter: 1, coolDownMs: 0}
    health: {maxAgeMs: 0, stuckAfterMs: 0}
sinks: [{kind: mqtt}]
`,
  );
}
