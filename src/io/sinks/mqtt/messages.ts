// Messages and their topics: <base>/<node>/{status,info,health} and <stream>/{event,state,score,silence}.
import type { Alert } from '../../../core/alert.ts';
import type { Standing } from '../../../core/control.ts';
import { ConfigError } from '../../../core/errors.ts';
import type { ScoreReport } from '../../../core/sink.ts';
import type { MqttMessage } from '../../mqtt/connection.ts';
import { checkTopic } from '../../mqtt/topic.ts';
import { alertPayload } from '../../text/alert-payload.ts';
import type { SinkContext } from '../sink-plugin.ts';
import { createOpenAlerts } from '../stream-state.ts';
import { healthPayload, infoPayload, scorePayload, silencePayload } from './payloads.ts';

/** `stopped`: by a person; `offline`: lost. */
export type Status = 'online' | 'offline' | 'stopped';

export interface Messages {
  /** Topic below which everything is published. */
  readonly root: string;
  status(status: Status): MqttMessage;
  info(): MqttMessage;
  /** Empty without a daemon, as in a test of a sink. */
  health(): readonly MqttMessage[];
  /** State and silence of each stream, retained. */
  standings(): readonly MqttMessage[];
  /** Health, states and silences, retained: they do not depend on messages of an earlier run. */
  kept(): readonly MqttMessage[];
  /** Removes the retained messages of a stream that no longer exists. */
  forget(streamId: string): readonly MqttMessage[];
  alert(alert: Alert): readonly MqttMessage[];
  score(report: ScoreReport): MqttMessage;
}

export interface MessageOptions {
  readonly base: string;
  readonly eventExpiryS: number;
  readonly scoreQos: 0 | 1 | 2;
}

const UNDECIDED: Standing = { silencedUntilMs: null, maintenance: null, acknowledged: [] };

/** Throws `ConfigError` when a name cannot be a topic level. */
export function messagesOf(options: MessageOptions, context: SinkContext): Messages {
  const { node, version, streams, control } = context;
  const root = `${options.base}/${node}`;
  checkTopic(root, 'sink mqtt');
  for (const { id } of streams) checkStream(id);
  const alerts = createOpenAlerts(context.open);
  const standing = (id: string): Standing => control?.standing(id) ?? UNDECIDED;
  const keep = (topic: string, payload: string): MqttMessage => ({
    topic: `${root}/${topic}`,
    payload,
    retain: true,
  });
  const keepJson = (topic: string, payload: object) => keep(topic, JSON.stringify(payload));
  const state = (id: string): MqttMessage => {
    const found = alerts.state(id);
    const acknowledged = standing(id).acknowledged.some((alert) => alert === found.alert);
    return keepJson(`${id}/state`, { ...found, acknowledged });
  };
  const info = () => keepJson('info', control ? infoPayload(control.info()) : { version, streams });
  const health = () =>
    control ? [keepJson('health', healthPayload(control.health(), control.info().streams))] : [];
  const standings = (): MqttMessage[] => {
    const ids = streams.map(({ id }) => id);
    const silences = ids.map((id) => keepJson(`${id}/silence`, silencePayload(standing(id))));
    return [...[...new Set([...ids, ...alerts.streamIds()])].map(state), ...silences];
  };
  return {
    ...{ root, info, health, standings },
    status: (status) => keep('status', status),
    kept: () => [...health(), ...standings()],
    forget: (id) => [keep(`${id}/state`, ''), keep(`${id}/silence`, '')],
    alert(alert) {
      alerts.take(alert);
      const payload = JSON.stringify(alertPayload(alert));
      const topic = `${root}/${alert.streamId}/event`;
      const event = {
        topic,
        payload,
        retain: false,
        expiryS: options.eventExpiryS,
      };
      return [event, state(alert.streamId)];
    },
    score(report) {
      const payload = JSON.stringify(scorePayload(report));
      return {
        topic: `${root}/${report.streamId}/score`,
        payload,
        qos: options.scoreQos,
        retain: false,
      };
    },
  };
}

/** With such a name the daemon would read its own scores as requests. */
const TAKEN: readonly string[] = ['request', 'response'];

function checkStream(id: string): void {
  checkTopic(id, `sink mqtt, stream '${id}'`);
  if (!TAKEN.includes(id)) return;
  throw new ConfigError(`sink mqtt: stream '${id}' has the name of a topic: call it otherwise`, {
    code: 'SEN_CFG_TOPIC',
  });
}
