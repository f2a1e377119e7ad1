// A receiver whose session outlives broker and connection, so that it is not the one who loses an alert.
import { connectAsync } from 'mqtt';
import { onTestFinished } from 'vitest';
import type { AlertPayload } from '../../../src/io/text/alert-payload.ts';
import { type Mosquitto, startMosquitto } from '../../io/mosquitto.ts';
import { type AlertState, nameOf } from './ledger.ts';

/** A broker that has saved a message before long, and forgets none for their number. */
export function startLastingBroker(more: readonly string[] = []): Promise<Mosquitto> {
  return startMosquitto((folder) => [
    ...more,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${folder}/`,
    'autosave_on_changes true',
    'autosave_interval 1',
    'max_queued_messages 0',
  ]);
}

/** Alert states in the order in which they arrive, repeated ones too. */
export async function receiveAlerts(url: string): Promise<readonly AlertState[]> {
  const heard: AlertState[] = [];
  const client = await connectAsync(url, {
    clientId: 'receiver',
    clean: false,
    reconnectPeriod: 100,
  });
  onTestFinished(() => client.endAsync(true));
  client.on('error', () => undefined);
  client.on('message', (_, payload) => {
    const { id, stream, event_type, ts } = JSON.parse(payload.toString()) as AlertPayload;
    heard.push({ stream, name: nameOf(id, event_type, Date.parse(ts)) });
  });
  await client.subscribeAsync('sentigon/+/+/event', { qos: 1 });
  return heard;
}
