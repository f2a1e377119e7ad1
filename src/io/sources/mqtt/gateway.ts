// All devices of one gateway, found by what it publishes.
import { z } from 'zod';
import type { Channel } from '../../../core/sample.ts';
import { checkFilter, matchesFilter } from '../../mqtt/topic.ts';
import { excerpt } from '../../text/excerpt.ts';
import type { FaultCounter } from '../../timing/fault-counter.ts';
import type { DevicePreset } from './device-preset.ts';
import { createDeviceTable } from './device-table.ts';
import { esphome } from './esphome.ts';
import { MOST_KNOWN } from './known.ts';
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
  /** Grows with what is heard of. */
  readonly size: number;
  /** All heard of so far. */
  channels(): readonly Channel[];
  message(topic: string, payload: string, faults: FaultCounter): void;
  value(channel: Channel, nowMs: number): number;
  /** For messages: what was looked for. */
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
      if (payload === '') return; // how a retained message is taken back
      if (!reader.filters.some((filter) => matchesFilter(filter, topic))) return;
      try {
        const left = table.take(reader.read(topic, payload), Date.now());
        if (left > 0) faults.count(`topic ${topic}: not kept, ${tooMany}`);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        faults.count(`topic ${topic}: payload is no JSON: ${excerpt(payload)}`);
      }
    },
  };
}
