// Alerts, states and scores as MQTT messages under <base>/<node>/: status, info, <stream>/{event,state,score}.
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { ConfigError, SinkError } from '../../core/errors.ts';
import type { ScoreReport, Sink } from '../../core/sink.ts';
import type { MqttConnection, MqttMessage } from '../mqtt-connection.ts';
import { brokerOptions } from '../mqtt-options.ts';
import { keepConnected } from '../mqtt-session.ts';
import { checkTopic } from '../mqtt-topic.ts';
import { alertPayload, isoTime, round } from './alert-payload.ts';
import { createOpenAlerts } from './open-alerts.ts';
import type { SinkContext, SinkPlugin } from './sink-plugin.ts';

const mqttOptions = z.strictObject({
  id: z
    .string()
    .default('mqtt')
    .describe('name of this sink in the outbox; unique among the sinks'),
  broker: brokerOptions.optional().describe('broker to publish to; default: the common one'),
  base: z.string().default('sentigon').describe('first part of every topic'),
  scoreIntervalMs: z
    .number()
    .nonnegative()
    .default(1000)
    .describe('least time between two score messages of a stream, ms'),
  eventExpiryS: z
    .number()
    .int()
    .positive()
    .default(86_400)
    .describe('seconds after which a broker drops an undelivered event; MQTT 5 only'),
});

type MqttOptions = z.infer<typeof mqttOptions>;

/** Publishes alerts with QoS 1; starts without a broker and returns to one for as long as it takes. */
export const mqttSink: SinkPlugin<MqttOptions> = {
  kind: 'mqtt',
  summary: 'alerts, states and scores as MQTT messages',
  options: mqttOptions,
  create: createMqttSink,
};

function createMqttSink(options: MqttOptions, context: SinkContext): Sink {
  const broker = options.broker ?? context.broker;
  if (!broker) throw new ConfigError(`sink ${options.id} has no broker: set its broker.url`);
  const messages = messagesOf(options, context);
  const { warn = () => undefined, ready = () => undefined } = context;
  const session = keepConnected(
    broker,
    { role: `sink-${options.id}`, Failure: SinkError, will: messages.status('offline') },
    {
      greet: (connection) => publishAll(connection, messages.greeting()),
      onConnected: ready,
      onLost: ({ message }) => warn(`sink ${options.id}: ${message}`),
    },
  );
  const reportedMs = new Map<string, number>();
  return {
    id: options.id,
    async send(alert) {
      const connection = session.current() ?? (await session.connect());
      await publishAll(connection, messages.alert(alert));
    },
    report(report) {
      const connection = session.current();
      const nowMs = performance.now();
      const sinceMs = nowMs - (reportedMs.get(report.streamId) ?? Number.NEGATIVE_INFINITY);
      if (!connection || sinceMs < options.scoreIntervalMs) return;
      reportedMs.set(report.streamId, nowMs);
      connection.publish(messages.score(report)).catch(() => undefined); // the next one replaces it
    },
    close: () => session.close((connection) => connection.publish(messages.status('offline'))),
  };
}

async function publishAll(
  connection: MqttConnection,
  messages: readonly MqttMessage[],
): Promise<void> {
  await Promise.all(messages.map((message) => connection.publish(message)));
}

/** What is said, and where. */
function messagesOf({ base, eventExpiryS }: MqttOptions, { node, version, streams }: SinkContext) {
  const root = `${base}/${node}`;
  checkTopic(root, 'sink mqtt');
  for (const { id } of streams) checkTopic(id, `sink mqtt, stream '${id}'`);
  const open = createOpenAlerts();
  const keep = (topic: string, payload: string): MqttMessage => ({
    topic: `${root}/${topic}`,
    payload,
    qos: 1,
    retain: true,
  });
  const state = (streamId: string): MqttMessage =>
    keep(`${streamId}/state`, JSON.stringify(open.state(streamId)));
  const status = (word: 'online' | 'offline'): MqttMessage => keep('status', word);
  return {
    status,
    /** Everything that is retained, because a broker without persistence forgets it when it restarts. */
    greeting: (): MqttMessage[] => [
      status('online'),
      keep('info', JSON.stringify({ version, streams })),
      ...[...new Set([...streams.map(({ id }) => id), ...open.streamIds()])].map(state),
    ],
    alert(alert: Alert): MqttMessage[] {
      open.take(alert);
      const payload = JSON.stringify(alertPayload(alert));
      const topic = `${root}/${alert.streamId}/event`;
      return [
        { topic, payload, qos: 1, retain: false, expiryS: eventExpiryS },
        state(alert.streamId),
      ];
    },
    score({ streamId, timeMs, score, level, anomalous }: ScoreReport): MqttMessage {
      const payload = { ts: isoTime(timeMs), score: round(score), level: round(level), anomalous };
      return {
        topic: `${root}/${streamId}/score`,
        payload: JSON.stringify(payload),
        qos: 0,
        retain: false,
      };
    },
  };
}
