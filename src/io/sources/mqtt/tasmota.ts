// Tasmota: the retained tasmota/discovery/<MAC>/config and sensors list the properties of a device; tele and stat have the values.
// https://tasmota.github.io/docs/MQTT/ and the payloads of its autodiscovery protocol
import { ConfigError } from '../../../core/errors.ts';
import { isObject, type JsonObject, objectIn, textAt, toNumber } from '../../text/json.ts';
import { literalSource } from '../../text/patterns.ts';
import { flatNumbers } from '../../text/value-text.ts';
import {
  type DevicePreset,
  type Finding,
  isOnline,
  type PresetReader,
  setKnown,
} from './device-preset.ts';

export const tasmota: DevicePreset = {
  base: '%prefix%/%topic%/', // its full topic
  listenMs: 3000,
  // energy totals repeat ENERGY.Power, rounded
  ignore: [
    'Wifi.*',
    'Uptime*',
    'Heap',
    'Sleep',
    'LoadAvg',
    'MqttCount',
    'Vcc',
    'Berry.*',
    '*.Id',
    'ENERGY.Total*',
    'ENERGY.Yesterday*',
    'ENERGY.Today*',
    'ENERGY.Period*',
    'ENERGY.Export*',
  ],
  start,
};

const DISCOVERY = /^tasmota\/discovery\/([^/]+)\/(config|sensors)$/;

function start(base: string): PresetReader {
  const full = fullTopic(base);
  const configs = new Map<string, JsonObject>();
  const sensors = new Map<string, JsonObject>();
  /** Needs both messages of a device, which come in any order. */
  const declare = (mac: string): Finding[] => {
    const config = configs.get(mac);
    const device = config && textAt(config, 't');
    if (!config || device === undefined) return [];
    const model = sensors.get(mac) ?? {};
    const properties = [...flatNumbers(model).map(([property]) => property), ...relays(config)];
    return properties.map((property) => ({
      kind: 'declared',
      device,
      property,
      unit: unitOf(property, model),
    }));
  };
  return {
    filters: ['tasmota/discovery/+/+', ...full.filters],
    read(topic, payload) {
      const [, mac = '', part] = DISCOVERY.exec(topic) ?? [];
      if (part === 'config') {
        setKnown(configs, mac, objectIn(payload) ?? {});
        return declare(mac);
      }
      if (part === 'sensors') {
        const model = objectIn(payload)?.['sn'];
        setKnown(sensors, mac, isObject(model) ? model : {});
        return declare(mac);
      }
      const [, device = '', what = ''] = full.form.exec(topic) ?? [];
      return device === '' ? [] : state(device, what, payload);
    },
  };
}

/** `%prefix%/%topic%/` as topics to subscribe to, and as a pattern for device and message in a topic. */
function fullTopic(base: string) {
  const text = base.endsWith('/') ? base : `${base}/`;
  if (!text.includes('%prefix%') || !text.includes('%topic%')) {
    throw new ConfigError(
      `source mqtt, tasmota: '${text}' is not a full topic: expected %prefix% and %topic% in it`,
      { code: 'SEN_CFG_TOPIC' },
    );
  }
  const filters = [
    ['tele', 'SENSOR'],
    ['tele', 'STATE'],
    ['tele', 'LWT'],
    ['stat', 'RESULT'],
  ].map(
    ([prefix = '', what = '']) =>
      `${text.replace('%prefix%', prefix).replace('%topic%', '+')}${what}`,
  );
  const form = literalSource(text)
    .replace('%prefix%', '(?:tele|stat)')
    .replace('%topic%', '([^/]+)');
  return { filters, form: new RegExp(`^${form}(SENSOR|STATE|LWT|RESULT)$`) };
}

function state(device: string, what: string, payload: string): Finding[] {
  if (what === 'LWT') return [{ kind: 'availability', device, online: isOnline(payload) }];
  const values = objectIn(payload) ?? {};
  return flatNumbers(values)
    .filter(([property]) => what !== 'RESULT' || /^(POWER\d*|Dimmer)$/.test(property)) // RESULT also echoes commands
    .map(([property, value]) => ({
      kind: 'reading',
      device,
      property,
      unit: unitOf(property, values),
      value,
    }));
}

/** 1 = relay, 2 = light, 3 = shutter; POWER is numbered when there are several. */
function relays({ rl }: JsonObject): string[] {
  const kinds = (Array.isArray(rl) ? rl : []).map((kind) => toNumber(kind) ?? 0);
  const used = kinds.flatMap((kind, index) => (kind === 1 || kind === 2 ? [index + 1] : []));
  const switches = used.length === 1 ? ['POWER'] : used.map((number) => `POWER${number}`);
  return kinds.includes(2) ? [...switches, 'Dimmer'] : switches;
}

const UNITS: Readonly<Record<string, string>> = {
  Humidity: '%',
  Power: 'W',
  ApparentPower: 'VA',
  ReactivePower: 'var',
  Voltage: 'V',
  Current: 'A',
  Frequency: 'Hz',
  Illuminance: 'lx',
  CarbonDioxide: 'ppm',
  Distance: 'cm',
  Dimmer: '%',
  PM1: 'µg/m³',
  'PM2.5': 'µg/m³',
  PM10: 'µg/m³',
};

const TEMPERATURES = new Set(['Temperature', 'DewPoint', 'HeatIndex']);
const PRESSURES = new Set(['Pressure', 'SeaPressure']);

/** By the name of the quantity; the payload has the units of temperatures and pressures. */
function unitOf(property: string, payload: JsonObject): string {
  const path = property.replace(/\.\d+$/, ''); // one of several phases
  const name = path.slice(path.indexOf('.') + 1);
  if (TEMPERATURES.has(name)) return `°${textAt(payload, 'TempUnit') ?? 'C'}`;
  if (PRESSURES.has(name)) return textAt(payload, 'PressureUnit') ?? 'hPa';
  return UNITS[name] ?? '';
}
