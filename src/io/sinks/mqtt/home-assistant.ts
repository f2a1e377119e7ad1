// When the device is announced to Home Assistant: on each connection, when Home Assistant starts, and with entities to remove.
import { z } from 'zod';
import type { MqttMessage } from '../../mqtt/connection.ts';
import {
  type Components,
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
  /** Topics to subscribe to. */
  readonly filters: readonly string[];
  /** Announces the device, or removes it. */
  announce(): void;
  /** Returns whether the message was for Home Assistant. */
  take(topic: string, payload: Buffer, retain: boolean): boolean;
  close(): void;
}

export interface HomeAssistantPort {
  readonly parts: () => DeviceParts;
  /** Best effort: the next connection publishes it again. */
  readonly publish: (message: MqttMessage) => void;
  /** Publishes all retained messages and the status again. */
  readonly repeat: () => void;
  readonly random?: () => number;
}

/**
 * Reads its own retained announcement for the components of an earlier configuration. Home Assistant keeps a component that
 * is only left out; it removes one that is named with its platform alone.
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
        if (retain || payload.toString() !== 'online') return true; // announced already, or Home Assistant has stopped
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

/** Empty for an announcement of another program. */
function componentsIn(payload: Buffer): Components {
  try {
    return announced.parse(JSON.parse(payload.toString('utf8'))).components;
  } catch {
    return {};
  }
}
