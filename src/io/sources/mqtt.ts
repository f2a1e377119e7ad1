// Channels from MQTT topics. Messages come when devices please; samples leave at a steady interval, made of the
// newest reading of each channel.
import { z } from 'zod';
import { ConfigError, type KnownError, SourceError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import { parseChannel } from '../channel-name.ts';
import { createFaultCounter, type FaultCounter } from '../fault-counter.ts';
import { toNumber, valueAt } from '../json-path.ts';
import { openMqtt } from '../mqtt-connection.ts';
import { brokerOptions, shownUrl } from '../mqtt-options.ts';
import { checkFilter, matchesFilter } from '../mqtt-topic.ts';
import { dueTimes } from './due-times.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const channelOptions = z.strictObject({
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

const mqttOptions = z.strictObject({
  broker: brokerOptions.optional().describe('broker to read from; default: the one alerts go to'),
  channels: z.array(channelOptions).min(1).describe('what to read, and where'),
  intervalMs: z.number().int().min(10).default(1000).describe('time between samples, ms'),
});

type MqttOptions = z.infer<typeof mqttOptions>;
type ChannelOptions = z.infer<typeof channelOptions>;

/** Subscribes to topics. Payloads that cannot be read are counted and reported, and lose nothing else. */
export const mqttSource: SourcePlugin<MqttOptions> = {
  kind: 'mqtt',
  summary: 'readings from MQTT topics',
  options: mqttOptions,
  create: createMqttSource,
};

/** The newest reading of one channel. */
interface Reading extends ChannelOptions {
  value: number;
  timeMs: number;
}

function createMqttSource(options: MqttOptions, context: SourceContext): Source {
  const broker = options.broker ?? context.broker;
  if (!broker) throw new ConfigError('source mqtt has no broker: set its broker.url');
  for (const { topic } of options.channels) checkFilter(topic, 'source mqtt');
  // Kept from one connection to the next: a short loss must not blank channels that report every few minutes.
  const readings: Reading[] = options.channels.map((channel) => ({
    ...channel,
    value: Number.NaN,
    timeMs: Number.NEGATIVE_INFINITY,
  }));
  const { streamId, warn = () => undefined } = context;
  return {
    id: `mqtt:${shownUrl(broker)}`,
    channels: options.channels.map(({ name }) => parseChannel(name)),
    live: true,
    async *samples(signal) {
      const faults = createFaultCounter(warn);
      const connection = await openMqtt(broker, {
        role: `source-${streamId}`,
        Failure: SourceError,
        signal,
        onMessage: (topic, payload) => keep(readings, topic, payload.toString('utf8'), faults),
      }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (!connection) return;
      let lost: KnownError | undefined;
      const ended = new AbortController();
      void connection.lost.then((reason) => {
        lost = reason;
        ended.abort();
      });
      try {
        await connection.subscribe([...new Set(options.channels.map(({ topic }) => topic))]);
        const until = AbortSignal.any([signal, ended.signal]);
        for await (const timeMs of dueTimes(options.intervalMs, until)) {
          yield { streamId, timeMs, values: newest(readings) };
        }
        if (lost) throw lost;
      } finally {
        faults.flush();
        await connection.end();
      }
    },
  };
}

function keep(readings: Reading[], topic: string, payload: string, faults: FaultCounter): void {
  const matching = readings.filter((reading) => matchesFilter(reading.topic, topic));
  const json = matching.some(({ path }) => path !== '') ? parseJson(payload) : undefined;
  if (json instanceof SyntaxError) {
    faults.count(`topic ${topic}: payload is no JSON: ${excerpt(payload)}`);
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

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    return error; // a SyntaxError, which no JSON text parses to
  }
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function newest(readings: readonly Reading[]): Float64Array {
  const nowMs = Date.now();
  return Float64Array.from(readings, ({ value, timeMs, maxAgeMs }) =>
    nowMs - timeMs <= maxAgeMs ? value : Number.NaN,
  );
}
