// The daemon over MQTT: alerts, scores, health, decisions of people, and their requests.
import { z } from 'zod';
import { ConfigError, SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { MqttConnection, MqttMessage } from '../mqtt/connection.ts';
import { brokerOptions, riskOf } from '../mqtt/options.ts';
import { publishAll, publishAllowed } from '../mqtt/publish-all.ts';
import { keepConnected } from '../mqtt/session.ts';
import { createFaultCounter } from '../timing/fault-counter.ts';
import { homeAssistantOptions } from './mqtt/home-assistant.ts';
import { createListener } from './mqtt/listener.ts';
import { messagesOf } from './mqtt/messages.ts';
import { type SinkContext, type SinkPlugin, sinkId } from './sink-plugin.ts';
import { scorePace } from './stream-state.ts';

const mqttOptions = z.strictObject({
  id: sinkId('mqtt'),
  broker: brokerOptions.optional().describe('broker to publish to; default: the common one'),
  base: z.string().default('sentigon').describe('first part of every topic'),
  scoreEveryS: z
    .number()
    .nonnegative()
    .default(10)
    .describe(
      'least time between two score messages of a stream; when an alert opens, changes or closes, its score is sent at once',
    )
    .meta({ unit: 's' }),
  scoreQos: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(0)
    .describe('quality of service of scores, each of which the next replaces'),
  eventExpiryS: z
    .number()
    .int()
    .positive()
    .default(86_400)
    .describe('seconds after which a broker drops an undelivered event; MQTT 5 only'),
  willDelayS: z
    .number()
    .int()
    .nonnegative()
    .default(20)
    .describe(
      'seconds that a connection may be broken before the broker publishes offline; MQTT 5 only, and not with broker.qos 2',
    )
    .meta({ unit: 's' }),
  healthIntervalS: z
    .number()
    .positive()
    .default(60)
    .describe('time between two messages on the health of the daemon')
    .meta({ unit: 's' }),
  requests: z
    .boolean()
    .default(true)
    .describe(
      'whether the daemon carries out requests of everyone who may publish to their topics',
    ),
  homeAssistant: homeAssistantOptions
    .optional()
    .describe('announces the daemon to Home Assistant, as one device'),
});

export type MqttOptions = z.infer<typeof mqttOptions>;

/**
 * Most alerts in flight. With one, a broker with Nagle's algorithm delays its second answer until this side acknowledges
 * the first, which the system delays too: 22 alerts a second with Mosquitto.
 */
const IN_FLIGHT = 32;

/** Publishes alerts with the broker's QoS; starts without a broker and reconnects without end. */
export const mqttSink: SinkPlugin<MqttOptions> = {
  kind: 'mqtt',
  summary: 'alerts, states and scores as MQTT messages',
  options: mqttOptions,
  create: createMqttSink,
};

function createMqttSink(options: MqttOptions, context: SinkContext): Sink {
  const broker = options.broker ?? context.broker;
  if (!broker)
    throw new ConfigError(`sink ${options.id} has no broker: set its broker.url`, {
      code: 'SEN_CFG_NO_BROKER',
    });
  const { warn = () => undefined, ready = () => undefined } = context;
  const risk = riskOf(broker);
  if (risk) warn(`sink ${options.id}: ${risk}`);
  const refused = (fault: string): void => warn(`sink ${options.id}: ${fault}`);
  const messages = messagesOf(options, context);
  const faults = createFaultCounter((message) => warn(`sink ${options.id}: ${message}`));
  const publish = async (...published: readonly MqttMessage[]): Promise<void> => {
    const connection = session.current();
    if (connection) await publishAll(connection, published).catch(() => undefined); // the next connection publishes it again
  };
  const listener = createListener(options, context, {
    ...{ messages, publish, faults, qos: broker.qos },
  });
  const session = keepConnected(
    broker,
    {
      role: `sink-${options.id}`,
      Failure: SinkError,
      will: messages.status('offline'),
      lingerS: options.willDelayS,
      onMessage: listener.take,
    },
    {
      async greet(connection) {
        await listen(connection, listener.filters, refused);
        await publishAllowed(connection, [messages.status('online'), ...messages.kept()], refused);
      },
      onConnected() {
        listener.connected();
        ready();
      },
      onLost: ({ message }) => warn(`sink ${options.id}: ${message}`),
    },
  );
  const beat = setInterval(() => {
    faults.flushWhenDue();
    void publish(...messages.health());
  }, options.healthIntervalS * 1000).unref();
  const pace = scorePace(options.scoreEveryS);
  return {
    id: options.id,
    inFlight: IN_FLIGHT,
    async send(alert) {
      const connection = session.current() ?? (await session.connect());
      await publishAll(connection, messages.alert(alert));
      const score = pace.held(alert.streamId);
      if (score) void publish(messages.score(score));
    },
    report(report) {
      if (session.current() && pace.isDue(report)) void publish(messages.score(report));
    },
    refresh: () => void publish(messages.info(), ...messages.standings()),
    async close() {
      clearInterval(beat);
      listener.close();
      faults.flush();
      await session.close((connection) => connection.publish(messages.status('stopped')));
    },
  };
}

/** Alerts are published also when the broker refuses subscriptions. */
async function listen(
  connection: MqttConnection,
  filters: readonly string[],
  warn: (fault: string) => void,
): Promise<void> {
  try {
    await connection.subscribe(filters);
  } catch (error) {
    warn(`requests are not received: ${(error as Error).message}`);
  }
}
