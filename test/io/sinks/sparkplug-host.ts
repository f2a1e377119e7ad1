// A Sparkplug host as far as a test needs one; it reads with the reference implementation of Eclipse Tahu.
import { connectAsync, type IClientOptions } from 'mqtt';
import sparkplugPayload from 'sparkplug-payload';
import { onTestFinished, vi } from 'vitest';

const found = sparkplugPayload.get('spBv1.0');
if (!found) throw new Error('the reference implementation has no spBv1.0');
export const tahu = found;

export interface Heard {
  /** NBIRTH, DDATA, ... */
  readonly type: string;
  readonly device: string | undefined;
  readonly qos: number;
  readonly retain: boolean;
  readonly seq: number | undefined;
  readonly metrics: Readonly<Record<string, unknown>>;
}

/** Listens to all of a group. */
export async function sparkplugHost(url: string, options: IClientOptions = {}) {
  const client = await connectAsync(url, options);
  onTestFinished(() => client.endAsync(true));
  const heard: Heard[] = [];
  client.on('message', (topic, bytes, { qos, retain }) => {
    const [, , type = '', , device] = topic.split('/');
    if (type === 'NCMD') return; // our own
    heard.push({ type, device, qos, retain, ...read(bytes) });
  });
  await client.subscribeAsync('spBv1.0/#', { qos: 1 });
  return {
    heard,
    next: (found: (message: Heard) => boolean): Promise<Heard> =>
      vi.waitUntil(() => heard.find(found), { timeout: 60_000, interval: 10 }),
    async command(topic: string, bytes: Uint8Array): Promise<void> {
      await client.publishAsync(topic, Buffer.from(bytes), { qos: 0 });
    },
  };
}

/** Integers of 64 bits as plain numbers: these are small. */
function read(bytes: Uint8Array): Pick<Heard, 'seq' | 'metrics'> {
  const { seq, metrics } = tahu.decodePayload(bytes);
  return {
    seq: seq === null || seq === undefined ? undefined : Number(seq),
    metrics: Object.fromEntries(
      (metrics ?? []).map(({ name, value }) => [
        name,
        typeof value === 'object' && value !== null ? Number(value) : value,
      ]),
    ),
  };
}
