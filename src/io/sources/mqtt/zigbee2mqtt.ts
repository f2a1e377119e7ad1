// Zigbee2MQTT: the retained bridge/devices lists the properties of all devices; the topics of the devices have the values.
// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html and exposes.html
import {
  isObject,
  type JsonObject,
  objectIn,
  parseJson,
  textAt,
  toNumber,
  valueAt,
} from '../../text/json.ts';
import { flatNumbers } from '../../text/value-text.ts';
import { type DevicePreset, type Finding, isOnline, type PresetReader } from './device-preset.ts';

export const zigbee2mqtt: DevicePreset = {
  base: 'zigbee2mqtt',
  listenMs: 3000,
  ignore: ['linkquality', 'last_seen', 'elapsed', 'update*'],
  start,
};

/** A property of a device, and how its words map to numbers. */
interface Expose {
  readonly property: string;
  readonly unit: string;
  readonly on: unknown;
  readonly off: unknown;
}

function start(base: string): PresetReader {
  let devices = new Map<string, ReadonlyMap<string, Expose>>();
  const state = (device: string, payload: string): Finding[] => {
    const known = devices.get(device);
    const values = objectIn(payload);
    if (!values) return [];
    if (!known) return flatNumbers(values).map((entry) => guessed(device, entry));
    return [...known.values()].flatMap((expose) => reading(device, expose, values));
  };
  return {
    filters: [`${base}/#`],
    read(topic, payload) {
      const rest = topic.slice(base.length + 1);
      if (rest === 'bridge/devices') {
        devices = exposesOf(parseJson(payload));
        return [...devices].flatMap(([device, exposes]) =>
          [...exposes.values()].map(({ property, unit }) => declared(device, property, unit)),
        );
      }
      if (rest === 'bridge/state') return [{ kind: 'availability', online: isOnline(payload) }];
      if (rest.startsWith('bridge/') || /\/(set|get)(\/|$)/.test(rest)) return [];
      if (rest.endsWith('/availability')) {
        const device = rest.slice(0, -'/availability'.length);
        return [{ kind: 'availability', device, online: isOnline(payload) }];
      }
      // other topics are those of groups, which repeat the values of their members
      return devices.size > 0 && !devices.has(rest) ? [] : state(rest, payload);
    },
  };
}

function declared(device: string, property: string, unit: string): Finding {
  return { kind: 'declared', device, property, unit };
}

/** Without bridge/devices, the unit follows from the name of the property. */
function guessed(device: string, [property, value]: [string, number]): Finding {
  return { kind: 'reading', device, property, unit: UNITS[property] ?? '', value };
}

const UNITS: Readonly<Record<string, string>> = {
  temperature: '°C',
  humidity: '%',
  pressure: 'hPa',
  battery: '%',
  power: 'W',
  current: 'A',
  energy: 'kWh',
  co2: 'ppm',
  illuminance: 'lx',
};

function reading(
  device: string,
  { property, unit, on, off }: Expose,
  values: JsonObject,
): Finding[] {
  const found = valueAt(values, property);
  const value = wordAsNumber(found, on, off) ?? toNumber(found);
  return value === undefined ? [] : [{ kind: 'reading', device, property, unit, value }];
}

/** E.g. LOCK and UNLOCK. Booleans are not mapped: a closed contact is true, though its "on" is false. */
function wordAsNumber(found: unknown, on: unknown, off: unknown): number | undefined {
  if (typeof found !== 'string') return undefined;
  if (found === on) return 1;
  return found === off ? 0 : undefined;
}

/** Device by friendly name -> its numeric and binary properties that it publishes. */
function exposesOf(list: unknown): Map<string, ReadonlyMap<string, Expose>> {
  const devices = new Map<string, ReadonlyMap<string, Expose>>();
  for (const device of Array.isArray(list) ? list : []) {
    if (!isObject(device) || device['type'] === 'Coordinator' || device['disabled'] === true) {
      continue;
    }
    const name = textAt(device, 'friendly_name');
    const definition = device['definition'];
    if (name === undefined || !isObject(definition)) continue;
    const exposes = flatExposes(definition['exposes'], '');
    devices.set(name, new Map(exposes.map((expose) => [expose.property, expose])));
  }
  return devices;
}

/** Bit of access: published in the state of the device. The other bits: it can be set, and can be requested. */
const PUBLISHED = 1;

function flatExposes(exposes: unknown, path: string): Expose[] {
  if (!Array.isArray(exposes)) return [];
  return exposes
    .filter(isObject)
    .filter(({ category }) => category !== 'config') // a setting, not a measurement
    .flatMap((expose) => {
      const here = [path, textAt(expose, 'property') ?? ''].filter((part) => part !== '').join('.');
      const { features, type } = expose;
      // composites nest their values, a light or a switch only groups them
      if (features) return flatExposes(features, type === 'composite' ? here : path);
      return isMeasured(expose) ? [exposeOf(expose, here)] : [];
    });
}

function isMeasured({ type, access }: JsonObject): boolean {
  return (type === 'numeric' || type === 'binary') && (Number(access) & PUBLISHED) !== 0;
}

function exposeOf(expose: JsonObject, property: string): Expose {
  const { value_on: on, value_off: off } = expose;
  return { property, unit: textAt(expose, 'unit') ?? '', on, off };
}
