// Channels from MQTT topics. Messages come at any time; samples have a fixed interval, and consist of the newest reading of
// each channel.
import { z } from 'zod';
import { ConfigError, type KnownError, SourceError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import { endOnAbort, openMqtt } from '../mqtt/connection.ts';
import { type BrokerOptions, brokerOptions, shownUrl } from '../mqtt/options.ts';
import { createFaultCounter } from '../timing/fault-counter.ts';
import { dueTimes } from './due-times.ts';
import { createDeviceChannels } from './mqtt/device-channels.ts';
import { gatewayOptions } from './mqtt/gateway.ts';
import { createTopicChannels, topicOptions } from './mqtt/topic-channels.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const mqttOptions = z.strictObject({
  broker: brokerOptions.optional().describe('broker to read from; default: the one alerts go to'),
  channels: z.array(topicOptions).default([]).describe('what to read, and where'),
  devices: z
    .array(gatewayOptions)
    .default([])
    .describe('gateways whose devices are all read, without naming a topic'),
  keep: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'use only these channels of the devices, as name[unit], even while they are absent; empty = all that are found when first opened',
    ),
  intervalMs: z.number().int().min(10).default(1000).describe('time between samples, ms'),
  maxPayloadKb: z
    .number()
    .int()
    .positive()
    .default(4096)
    .describe('a longer payload is skipped, counted and logged')
    .meta({ unit: 'kB' }),
});

type MqttOptions = z.infer<typeof mqttOptions>;

/** Subscribes to topics. Payloads that cannot be read are counted and reported; other channels are not affected. */
export const mqttSource: SourcePlugin<MqttOptions> = {
  kind: 'mqtt',
  summary:
    'readings from MQTT topics, and from the devices of Zigbee2MQTT, Tasmota, ESPHome, rtl_433',
  options: mqttOptions,
  create: createMqttSource,
};

function createMqttSource(options: MqttOptions, context: SourceContext): Source {
  const broker = checkedBroker(options, context);
  const { streamId, warn = () => undefined } = context;
  // Kept from one connection to the next: after a short loss, channels that report every few minutes keep their readings.
  const topics = createTopicChannels(options.channels);
  const devices = createDeviceChannels(options, topics.channels, warn);
  return {
    id: `mqtt:${shownUrl(broker)}`,
    get channels() {
      return [...topics.channels, ...devices.channels];
    },
    live: true,
    async *samples(signal) {
      const faults = createFaultCounter(warn);
      const connection = await openMqtt(broker, {
        role: `source-${streamId}`,
        Failure: SourceError,
        signal,
        maxPayloadBytes: options.maxPayloadKb * 1000,
        onMessage(topic, payload, { tooLongBytes }) {
          if (tooLongBytes !== undefined) {
            faults.count(
              `topic ${topic}: payload of ${Math.round(tooLongBytes / 1000)} kB, expected ${options.maxPayloadKb} at most: raise maxPayloadKb if it is meant`,
            );
            return;
          }
          const text = payload.toString('utf8');
          topics.message(topic, text, faults);
          devices.message(topic, text, faults);
        },
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
      const until = AbortSignal.any([signal, ended.signal]);
      const release = endOnAbort(connection, signal);
      try {
        await connection.subscribe([...new Set([...topics.filters, ...devices.filters])]);
        await devices.settle(until);
        for await (const timeMs of dueTimes(options.intervalMs, until)) {
          faults.flushWhenDue();
          const nowMs = Date.now();
          const values = [...topics.values(nowMs), ...devices.values(nowMs)];
          yield { streamId, timeMs, values: Float64Array.from(values) };
        }
        if (lost) throw lost;
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        release();
        faults.flush();
        await connection.end();
      }
    },
  };
}

/** Throws `ConfigError` when there is no broker, or nothing to read from it. */
function checkedBroker(options: MqttOptions, context: SourceContext): BrokerOptions {
  const broker = options.broker ?? context.broker;
  if (!broker)
    throw new ConfigError('source mqtt has no broker: set its broker.url', {
      code: 'SEN_CFG_NO_BROKER',
    });
  if (options.channels.length + options.devices.length === 0) {
    throw new ConfigError('source mqtt has nothing to read: set channels or devices', {
      code: 'SEN_CFG_NOTHING_TO_READ',
    });
  }
  if (options.keep.length > 0 && options.devices.length === 0) {
    throw new ConfigError('source mqtt has keep without devices: name the gateways, or drop keep', {
      code: 'SEN_CFG_NOTHING_TO_READ',
    });
  }
  return broker;
}
