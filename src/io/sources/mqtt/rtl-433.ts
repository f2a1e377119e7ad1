// rtl_433: one topic of events, each with all values of a radio sensor; nothing is retained or announced.
// https://github.com/merbanan/rtl_433/blob/master/docs/DATA_FORMAT.md
import { objectIn } from '../../text/json.ts';
import { flatNumbers } from '../../text/value-text.ts';
import type { DevicePreset, PresetReader } from './device-preset.ts';

export const rtl433: DevicePreset = {
  base: 'rtl_433/+', // the part before /events
  // sensors send each minute or so
  listenMs: 180_000,
  ignore: [
    'rssi',
    'snr',
    'noise',
    'freq*',
    'mod',
    'mic',
    'protocol',
    'duration',
    'sequence_num',
    'msg_type',
    'message_type',
    'flags',
    'code',
    'data',
    'raw*',
    'test',
  ],
  start,
};

/** Keys that identify a device, in the order that rtl_433 itself uses in topics. */
const IDENTITY = ['model', 'subtype', 'channel', 'id'];

const NO_QUANTITY = new Set([...IDENTITY, 'time', 'type']);

function start(base: string): PresetReader {
  return {
    filters: [`${base}/events`],
    read(_topic, payload) {
      const event = objectIn(payload) ?? {};
      if (event['model'] === undefined) return [];
      const device = IDENTITY.flatMap((key) => event[key] ?? [])
        .map((part) => String(part).replace(/\s+/g, '_'))
        .join('.');
      return flatNumbers(event)
        .filter(([property]) => !NO_QUANTITY.has(property))
        .map(([property, value]) => ({
          kind: 'reading',
          device,
          property,
          unit: unitOf(property),
          value,
        }));
    },
  };
}

/** Ending of a property -> unit, the longer endings first. */
const ENDINGS: readonly (readonly [string, string])[] = [
  ['_km_h', 'km/h'],
  ['_mi_h', 'mi/h'],
  ['_mm_h', 'mm/h'],
  ['_in_h', 'in/h'],
  ['_m_s', 'm/s'],
  ['_ug_m3', 'µg/m³'],
  ['_kWh', 'kWh'],
  ['_kPa', 'kPa'],
  ['_hPa', 'hPa'],
  ['_psi', 'psi'],
  ['_PSI', 'psi'],
  ['_ppm', 'ppm'],
  ['_lux', 'lx'],
  ['_deg', '°'],
  ['_mV', 'mV'],
  ['_Hz', 'Hz'],
  ['_kW', 'kW'],
  ['_mm', 'mm'],
  ['_in', 'in'],
  ['_C', '°C'],
  ['_F', '°F'],
  ['_V', 'V'],
  ['_A', 'A'],
  ['_W', 'W'],
];

function unitOf(property: string): string {
  if (property === 'humidity' || property === 'moisture') return '%';
  return ENDINGS.find(([ending]) => property.endsWith(ending))?.[1] ?? '';
}
