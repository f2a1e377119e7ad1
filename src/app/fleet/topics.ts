import { z } from 'zod';
import type { Config } from '../config/schema.ts';

const mqttSink = z.object({ kind: z.literal('mqtt'), base: z.string() });

/** The first part of all topics that the first MQTT sink of a configuration has, or that it would have. */
export function baseOf({ sinks }: Pick<Config, 'sinks'>): string {
  for (const sink of sinks) {
    const found = mqttSink.safeParse(sink).data;
    if (found) return found.base;
  }
  return 'sentigon';
}
