// All devices of one gateway, found by what it publishes.
import { z } from 'zod';
import type { Channel } from '../../../core/sample.ts';
import { checkFilter, matchesFilter } from '../../mqtt/topic.ts';
import { excerpt } from '../../text/lines.ts';
import { wildcardSource } from '../../text/patterns.ts';
import type { FaultCounter } from '../../timing/fault-counter.ts';
import { type DevicePreset, type Finding, MOST_KNOWN, setKnown } from './device-preset.ts';
import { esphome } from './esphome.ts';
import { rtl433 } from './rtl-433.ts';
import { tasmota } from './tasmota.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

const presets = { zigbee2mqtt, tasmota, esphome, rtl_433: rtl433 } as const satisfies Readonly<
  Record<string, DevicePreset>
>;

export const gatewayOptions = z.strictObject({
  preset: z
    .enum(['zigbee2mqtt', 'tasmota', 'esphome', 'rtl_433'])
    .describe('what publishes them; channels are named device.property, with its units'),
  base: z
    .string()
    .min(1)
    .optional()
    .describe(
      `where its topics begin; default: ${Object.entries(presets)
        .map(([name, { base }]) => `${base} (${name})`)
        .join(', ')}`,
    ),
  ignore: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'properties to leave out, * stands for any part; default: link quality, uptime and the like, of Tasmota the sums of energy',
    ),
  maxAgeMs: z
    .number()
    .positive()
    .default(7_200_000)
    .describe(
      'a reading older than this is no reading, ms; many devices report on change and once an hour',
    )
    .meta({ unit: 'ms' }),
  listenMs: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'how long to look for devices when first opened, ms; default: 3000, for rtl_433 180000, since nothing announces its sensors',
    )
    .meta({ unit: 'ms' }),
});

const tooMany = `${MOST_KNOWN} properties are known of its gateway already: set ignore, or correct base`;

export type GatewayOptions = z.infer<typeof gatewayOptions>;

export interface Gateway {
  readonly filters: readonly string[];
  readonly listenMs: number;
  /** Number of known properties. */
  readonly size: number;
  /** All that were found so far. */
  channels(): readonly Channel[];
  message(topic: string, payload: string, faults: FaultCounter): void;
  value(channel: Channel, nowMs: number): number;
  /** Name of the gateway in messages. */
  readonly name: string;
}

/** Throws `ConfigError` when `base` does not make topics. */
export function createGateway(options: GatewayOptions): Gateway {
  const preset: DevicePreset = presets[options.preset];
  const base = (options.base ?? preset.base).replace(/\/$/, '');
  const reader = preset.start(base);
  for (const filter of reader.filters) checkFilter(filter, `source mqtt, ${options.preset}`);
  const table = createDeviceTable(options.maxAgeMs, options.ignore ?? preset.ignore);
  return {
    filters: reader.filters,
    listenMs: options.listenMs ?? preset.listenMs,
    name: `${options.preset} below ${base}`,
    get size() {
      return table.size;
    },
    channels: table.channels,
    value: table.value,
    message(topic, payload, faults) {
      if (payload === '') return; // a retained message was removed
      if (!reader.filters.some((filter) => matchesFilter(filter, topic))) return;
      try {
        const left = table.take(reader.read(topic, payload), Date.now());
        if (left > 0) faults.count(`topic ${topic}: not kept, ${tooMany}`);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        faults.count(`topic ${topic}: payload is not JSON: ${excerpt(payload)}`);
      }
    },
  };
}

/** The newest reading of each property of each known device. */
interface DeviceTable {
  /** Number of known properties. */
  readonly size: number;
  /** Returns how many findings were beyond the limit. */
  take(findings: readonly Finding[], nowMs: number): number;
  /** `<device>.<property>` of all known properties, in the order of their ids. */
  channels(): Channel[];
  /** NaN when there is no reading, it is too old, or its device or gateway is offline. */
  value(channel: Channel, nowMs: number): number;
}

type Declared = Extract<Finding, { kind: 'declared' }>;
type Read = Extract<Finding, { kind: 'reading' }>;
type Availability = Extract<Finding, { kind: 'availability' }>;

interface Entry {
  readonly channel: Channel;
  readonly device: string;
  readonly declared: boolean;
  readonly value: number;
  readonly timeMs: number;
}

/** Readings older than `maxAgeMs` and properties that match `ignore` are left out. */
function createDeviceTable(maxAgeMs: number, ignore: readonly string[]): DeviceTable {
  const ignored = ignore.map((form) => new RegExp(`^${wildcardSource(form, '.*')}$`, 'i'));
  const entries = new Map<string, Entry>();
  const declared = new Set<string>();
  const offline = new Map<string, true>();
  let gatewayOnline = true;

  const declare = ({ device, property, unit }: Declared): boolean => {
    const id = `${device}.${property}`;
    const known = entries.get(id) ?? NO_READING;
    const kept = setKnown(entries, id, { ...known, device, channel: { id, unit }, declared: true });
    if (kept) declared.add(device);
    return kept;
  };
  const read = ({ device, property, unit, value }: Read, timeMs: number): boolean => {
    const id = `${device}.${property}`;
    const known = entries.get(id) ?? NO_READING;
    if (!known.declared && declared.has(device)) return true;
    // the declared unit is kept: readings may come without one
    const channel = known.declared ? known.channel : { id, unit };
    return setKnown(entries, id, { ...known, device, channel, value, timeMs });
  };
  const setAvailability = ({ device, online }: Availability): boolean => {
    if (device !== undefined && !online) return setKnown(offline, device, true);
    if (device === undefined) gatewayOnline = online;
    else offline.delete(device);
    return true;
  };
  const takeOne = (finding: Finding, nowMs: number): boolean => {
    if (finding.kind === 'availability') return setAvailability(finding);
    if (ignored.some((form) => form.test(finding.property))) return true;
    return finding.kind === 'declared' ? declare(finding) : read(finding, nowMs);
  };
  return {
    get size() {
      return entries.size;
    },
    take: (findings, nowMs) => findings.filter((finding) => !takeOne(finding, nowMs)).length,
    channels: () =>
      [...entries.values()]
        .filter((entry) => entry.declared || !declared.has(entry.device))
        .map(({ channel }) => channel)
        .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id))),
    value({ id, unit }, nowMs) {
      const entry = entries.get(id);
      if (!gatewayOnline || entry?.channel.unit !== unit || offline.has(entry.device)) {
        return Number.NaN;
      }
      return nowMs - entry.timeMs <= maxAgeMs ? entry.value : Number.NaN;
    },
  };
}

const NO_READING: Entry = {
  channel: { id: '', unit: '' },
  device: '',
  declared: false,
  value: Number.NaN,
  timeMs: Number.NEGATIVE_INFINITY,
};
