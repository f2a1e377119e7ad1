// The daemon as a Sparkplug B edge node, for hosts that only use Sparkplug.
import { z } from 'zod';
import { ConfigError, SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { MqttConnection, MqttMessage } from '../mqtt/connection.ts';
import { brokerOptions } from '../mqtt/options.ts';
import { publishAll, publishAllowed } from '../mqtt/publish-all.ts';
import { keepConnected } from '../mqtt/session.ts';
import { type SinkContext, type SinkPlugin, sinkId } from './sink-plugin.ts';
import { loadCodec } from './sparkplug/codec.ts';
import { alertMetrics, createEdgeNode, scoreMetrics } from './sparkplug/edge-node.ts';
import { createOpenAlerts, scorePace } from './stream-state.ts';

const name = z.string().regex(/^[^+#/]+$/, { message: 'expected a name without +, # and /' });

const sparkplugOptions = z.strictObject({
  id: sinkId('sparkplug'),
  broker: brokerOptions.optional().describe('broker to publish to; default: the common one'),
  group: name.default('Sentigon').describe('group of edge nodes this one belongs to'),
  node: name.optional().describe('name of the edge node; default: the name of the device'),
  scoreEveryS: z
    .number()
    .nonnegative()
    .default(5)
    .describe('least time between two scores of a stream')
    .meta({ unit: 's' }),
});

/** Sparkplug 3.0.0 defines the quality of service of each message, and of this subscription. */
const COMMAND_QOS = 1;

type SparkplugOptions = z.infer<typeof sparkplugOptions>;

/** Streams are devices; scores and alerts are their metrics. Answers a rebirth command. */
export const sparkplugSink: SinkPlugin<SparkplugOptions> = {
  kind: 'sparkplug',
  summary: 'alerts and scores as metrics of a Sparkplug B edge node; needs the package protobufjs',
  options: sparkplugOptions,
  create: createSparkplugSink,
};

function createSparkplugSink(options: SparkplugOptions, context: SinkContext): Sink {
  const broker = options.broker ?? context.broker;
  if (!broker)
    throw new ConfigError(`sink ${options.id} has no broker: set its broker.url`, {
      code: 'SEN_CFG_NO_BROKER',
    });
  const { warn = () => undefined, ready = () => undefined } = context;
  const edge = edgeNodeOf(options, context);
  const open = createOpenAlerts(context.open);
  const pace = scorePace(options.scoreEveryS);
  const session = keepConnected(
    broker,
    {
      role: `sink-${options.id}`,
      Failure: SinkError,
      will: edge.will,
      onMessage(_, payload) {
        const connection = session.current();
        if (connection && asksForRebirth(payload)) publish(connection, edge.births());
      },
    },
    {
      async greet(connection) {
        await connection.subscribe([edge.commandTopic], COMMAND_QOS);
        await publishAllowed(connection, edge.births(), (fault) =>
          warn(`sink ${options.id}: ${fault}`),
        );
      },
      onConnected: ready,
      onLost: ({ message }) => warn(`sink ${options.id}: ${message}`),
    },
  );
  const asksForRebirth = (payload: Buffer): boolean => {
    try {
      return edge.wantsRebirth(payload);
    } catch (error) {
      warn(`sink ${options.id}: a command cannot be read: ${(error as Error).message}`);
      return false;
    }
  };
  return {
    id: options.id,
    async send(alert) {
      const connection = session.current() ?? (await session.connect());
      open.take(alert);
      const active = open.state(alert.streamId).state === 'ON';
      await connection.publish(edge.data(alert.streamId, alertMetrics(alert, active)));
    },
    report(report) {
      const connection = session.current();
      if (!connection || !pace.isDue(report)) return;
      publish(connection, [edge.data(report.streamId, scoreMetrics(report))]);
    },
    close: () => session.close((connection) => connection.publish(edge.death())),
  };
}

function edgeNodeOf({ group, node }: SparkplugOptions, context: SinkContext) {
  const edge = createEdgeNode({
    group,
    node: node ?? context.node,
    version: context.version,
    deviceIds: context.streams.map(({ id }) => id),
    codec: loadCodec(),
    now: Date.now,
  });
  for (const alert of context.open ?? []) edge.note(alert.streamId, alertMetrics(alert, true));
  return edge;
}

/** Best effort: the birth certificates of the next connection contain it too. */
function publish(connection: MqttConnection, messages: readonly MqttMessage[]): void {
  publishAll(connection, messages).catch(() => undefined);
}
