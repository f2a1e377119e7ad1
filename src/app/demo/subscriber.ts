// A subscriber like any other: what it prints came over MQTT.
import { SourceError } from '../../core/errors.ts';
import { type MqttConnection, openMqtt } from '../../io/mqtt/connection.ts';
import { brokerOptions } from '../../io/mqtt/options.ts';
import type { AlertPayload } from '../../io/text/alert-payload.ts';

/** Calls `onEvent` for each alert state that any node publishes below `sentigon/`. */
export async function subscribe(
  url: string,
  onEvent: (event: AlertPayload) => void,
): Promise<MqttConnection> {
  const connection = await openMqtt(brokerOptions.parse({ url }), {
    role: 'subscriber',
    Failure: SourceError,
    onMessage: (_topic, payload) => onEvent(JSON.parse(payload.toString()) as AlertPayload),
  });
  await connection.subscribe(['sentigon/+/+/event']);
  return connection;
}
