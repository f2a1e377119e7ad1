// When the device is announced: on each connection, when Home Assistant starts, and with what it has to forget.
import { z } from 'zod';
import type { MqttMessage } from '../../mqtt/connection.ts';
import type { Components } from './home-assistant-component.ts';
import {
  componentsOf,
  type DeviceParts,
  deviceConfig,
  objectIdOf,
} from './home-assistant-device.ts';

export const homeAssistantOptions = z.strictObject({
  enabled: z.boolean().default(true).describe('false: takes the device back'),
  prefix: z
    .string()
    .default('homeassistant')
    .describe('first part of discovery topics, as set in Home Assistant'),
  silenceMinutes: z
    .number()
    .positive()
    .max(31 * 1440)
    .default(60)
    .describe('how long the silence switch of a stream keeps its alerts back')
    .meta({ unit: 'min' }),
  birthDelayS: z
    .number()
    .nonnegative()
    .default(5)
    .describe('longest random wait before answering a Home Assistant that has started')
    .meta({ unit: 's' }),
});

export type HomeAssistantOptions = z.infer<typeof homeAssistantOptions>;

export interface HomeAssistant {
  /** Topics it listens to. */
  readonly filters: readonly string[];
  /** Says that the device is there, or takes it back. */
  announce(): void;
  /** Whether the message was meant for it. */
  take(topic: string, payload: Buffer, retain: boolean): boolean;
  close(): void;
}

export interface HomeAssistantPort {
  readonly parts: () => DeviceParts;
  /** Best effort: what is lost is said again on the next connection. */
  readonly publish: (message: MqttMessage) => void;
  /** Says everything again that the broker keeps, and what it does not. */
  readonly repeat: () => void;
  readonly random?: () => number;
}

/**
 * Learns from its own retained announcement which components an earlier configuration had: Home Assistant keeps what
 * is merely left out, so these are named once more with nothing but their platform.
 */
export function createHomeAssistant(
  { enabled, prefix, birthDelayS }: HomeAssistantOptions,
  { parts, publish, repeat, random = Math.random }: HomeAssistantPort,
): HomeAssistant {
  const topic = `${prefix}/device/${objectIdOf(parts().root)}/config`;
  const birth = `${prefix}/status`;
  let earlier: Components = {};
  let answering: NodeJS.Timeout | undefined;
  const send = (payload: string): void => publish({ topic, payload, retain: true });
  const announce = (): void => {
    const config = deviceConfig(parts());
    const current = componentsOf(parts());
    const gone = Object.entries(earlier).filter(([key]) => !(key in current));
    if (gone.length > 0) {
      const removed = Object.fromEntries(gone.map(([key, { platform }]) => [key, { platform }]));
      send(JSON.stringify({ ...config, components: { ...current, ...removed } }));
    }
    send(JSON.stringify(config));
    earlier = current;
  };
  return {
    filters: enabled ? [topic, birth] : [],
    announce: () => (enabled ? announce() : send('')),
    take(from, payload, retain) {
      if (from === birth) {
        if (retain || payload.toString() !== 'online') return true; // announced already, or gone
        clearTimeout(answering);
        answering = setTimeout(
          () => {
            announce();
            repeat();
          },
          random() * birthDelayS * 1000,
        ).unref();
        return true;
      }
      if (from !== topic) return false;
      if (retain) earlier = { ...componentsIn(payload), ...earlier };
      return true;
    },
    close: () => clearTimeout(answering),
  };
}

const announced = z.object({
  components: z.record(z.string(), z.looseObject({ platform: z.string() })),
});

/** Of an announcement that is not ours there is nothing to learn. */
function componentsIn(payload: Buffer): Components {
  try {
    return announced.parse(JSON.parse(payload.toString('utf8'))).components;
  } catch {
    return {};
  }
}
