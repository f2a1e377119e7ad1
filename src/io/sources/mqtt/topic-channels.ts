// Channels that a user named, each with its topic.
import { z } from 'zod';
import { type Channel, parseChannel } from '../../../core/sample.ts';
import { checkFilter, matchesFilter } from '../../mqtt/topic.ts';
import { parseJson, toNumber, valueAt } from '../../text/json.ts';
import { excerpt } from '../../text/lines.ts';
import type { FaultCounter } from '../../timing/fault-counter.ts';

export const topicOptions = z.strictObject({
  name: z.string().min(1).describe('channel as name[unit]'),
  topic: z.string().min(1).describe('topic, + and # match as in MQTT'),
  path: z
    .string()
    .default('')
    .describe(
      'where the number stands in a JSON payload, e.g. power.active or list[0]; empty = the payload is the number',
    ),
  maxAgeMs: z
    .number()
    .positive()
    .default(60_000)
    .describe('a reading older than this is no reading, ms'),
});

type TopicOptions = z.infer<typeof topicOptions>;

export interface TopicChannels {
  readonly filters: readonly string[];
  readonly channels: readonly Channel[];
  /** Payloads that cannot be read are counted; other channels are not affected. */
  message(topic: string, payload: string, faults: FaultCounter): void;
  /** Newest readings in the order of `channels`; NaN = there is none that is young enough. */
  values(nowMs: number): number[];
}

/** The newest reading of one channel. */
interface Reading extends TopicOptions {
  value: number;
  timeMs: number;
}

/** Throws `ConfigError` for topics that are not filters. */
export function createTopicChannels(options: readonly TopicOptions[]): TopicChannels {
  for (const { topic } of options) checkFilter(topic, 'source mqtt');
  const readings: Reading[] = options.map((channel) => ({
    ...channel,
    value: Number.NaN,
    timeMs: Number.NEGATIVE_INFINITY,
  }));
  return {
    filters: options.map(({ topic }) => topic),
    channels: options.map(({ name }) => parseChannel(name)),
    message: (topic, payload, faults) => keep(readings, topic, payload, faults),
    values: (nowMs) =>
      readings.map(({ value, timeMs, maxAgeMs }) =>
        nowMs - timeMs <= maxAgeMs ? value : Number.NaN,
      ),
  };
}

function keep(readings: Reading[], topic: string, payload: string, faults: FaultCounter): void {
  const matching = readings.filter((reading) => matchesFilter(reading.topic, topic));
  const json = matching.some(({ path }) => path !== '') ? jsonOrError(payload) : undefined;
  if (json instanceof SyntaxError) {
    faults.count(`topic ${topic}: payload is not JSON: ${excerpt(payload)}`);
  }
  for (const reading of matching) {
    const plain = reading.path === '';
    if (!plain && json instanceof SyntaxError) continue;
    const found = plain ? payload : valueAt(json, reading.path);
    const value = toNumber(found);
    if (value === undefined) {
      faults.count(`topic ${topic}: ${describeMiss(reading, found)}`);
    } else Object.assign(reading, { value, timeMs: Date.now() });
  }
}

function describeMiss({ name, path }: Reading, found: unknown): string {
  const what = found === undefined ? 'nothing' : excerpt(JSON.stringify(found));
  const where = path === '' ? '' : ` at path '${path}'`;
  return `${what} for channel '${name}'${where}, expected a number`;
}

function jsonOrError(payload: string): unknown {
  try {
    return parseJson(payload);
  } catch (error) {
    return error; // a SyntaxError, which is never the result of parsing JSON
  }
}
