// ESPHome: a topic per quantity; its retained announcements for Home Assistant have their units.
// https://esphome.io/components/mqtt.html
import { objectIn, textAt, toNumber } from '../../text/json.ts';
import {
  type DevicePreset,
  type Finding,
  isOnline,
  type PresetReader,
  setKnown,
} from './device-preset.ts';

export const esphome: DevicePreset = {
  base: '+', // the topic prefix, of any device
  listenMs: 3000,
  ignore: ['wifi_signal*', 'uptime*', 'free_memory', 'heap*', 'loop_time', '*_rssi'],
  start,
};

const KINDS = ['sensor', 'binary_sensor', 'switch', 'number'];
const STATE = new RegExp(`^(.+)/(?:${KINDS.join('|')})/([^/]+)/state$`);
const STATUS = /^(.+)\/status$/;
const DISCOVERY = /^homeassistant\/([^/]+)\/[^/]+\/([^/]+)\/config$/;

function start(base: string): PresetReader {
  const units = new Map<string, string>();
  return {
    filters: [
      'homeassistant/+/+/+/config',
      ...KINDS.map((kind) => `${base}/${kind}/+/state`),
      `${base}/status`,
    ],
    read(topic, payload) {
      if (DISCOVERY.test(topic)) return discovery(topic, payload, units);
      const [, owner] = STATUS.exec(topic) ?? [];
      if (owner) return [{ kind: 'availability', device: owner, online: isOnline(payload) }];
      return state(topic, payload, units.get(topic) ?? '');
    },
  };
}

function state(topic: string, payload: string, unit: string): Finding[] {
  const [, device = '', property = ''] = STATE.exec(topic) ?? [];
  const value = toNumber(payload); // a sensor without a reading sends NaN
  if (value === undefined || property === '' || device === 'homeassistant') return [];
  return [{ kind: 'reading', device, property, unit, value }];
}

/**
 * Other programs announce devices there too: only of ESPHome do state topics end in the kind and id of the announcement.
 * Settings and diagnostics are left out.
 */
function discovery(announced: string, payload: string, units: Map<string, string>): Finding[] {
  const config = objectIn(payload) ?? {};
  const either = (short: string, long: string): string | undefined =>
    textAt(config, short) ?? textAt(config, long);
  const [, kind, id] = DISCOVERY.exec(announced) ?? [];
  const topic = either('stat_t', 'state_topic') ?? '';
  const [, device, property] = STATE.exec(topic) ?? [];
  const minor = either('ent_cat', 'entity_category') !== undefined;
  if (minor || device === undefined || property === undefined) return [];
  if (!topic.endsWith(`/${kind}/${id}/state`)) return [];
  const unit = either('unit_of_meas', 'unit_of_measurement') ?? '';
  setKnown(units, topic, unit);
  return [{ kind: 'declared', device, property, unit }];
}
