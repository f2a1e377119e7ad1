import { connectAsync } from 'mqtt';
import { expect, onTestFinished } from 'vitest';

export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
  readonly qos: number;
  readonly expiryS: number | undefined;
  readonly correlation: string | undefined;
}

export interface Subscriber {
  readonly messages: readonly Received[];
  publish(
    topic: string,
    payload: string,
    retain?: boolean,
    properties?: { responseTopic?: string; correlationData?: Buffer },
  ): Promise<void>;
  /** The first message for which `found` holds, waiting for it if need be. */
  next(found: (message: Received) => boolean): Promise<Received>;
  end(): Promise<void>;
}

/** An independent client that listens to `filter`. */
export async function subscribe(
  url: string,
  filter = '#',
  options: { protocolVersion?: 4 | 5; username?: string; password?: string; qos?: 0 | 1 | 2 } = {},
): Promise<Subscriber> {
  const { qos = 1, ...rest } = options;
  const client = await connectAsync(url, { reconnectPeriod: 200, ...rest });
  const messages: Received[] = [];
  client.on('message', (topic, payload, packet) => {
    const { retain, qos } = packet;
    const expiryS = packet.properties?.messageExpiryInterval;
    const correlation = packet.properties?.correlationData?.toString();
    messages.push({ topic, text: payload.toString(), retain, qos, expiryS, correlation });
  });
  client.on('error', () => undefined);
  await client.subscribeAsync(filter, { qos });
  onTestFinished(() => client.endAsync(true));
  return {
    messages,
    async publish(topic, payload, retain = false, properties = {}) {
      await client.publishAsync(topic, payload, { qos: 1, retain, properties });
    },
    async next(found) {
      await expect
        .poll(() => messages.some(found), { interval: 10, message: 'no such message came' })
        .toBe(true);
      return messages.find(found) as Received; // there is one
    },
    end: () => client.endAsync(true),
  };
}
