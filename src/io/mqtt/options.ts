// How to reach a broker: options of the mqtt source, the mqtt sink and the commands that watch them.
import { randomBytes } from 'node:crypto';
import type { IClientOptions } from 'mqtt';
import { z } from 'zod';
import { readSecret, whyUnread } from '../files/whole-file.ts';

const SCHEMES = new Set(['mqtt:', 'mqtts:', 'ws:', 'wss:']);

export const brokerOptions = z.strictObject({
  url: z
    .string()
    .refine((text) => URL.canParse(text) && SCHEMES.has(new URL(text).protocol), {
      message: 'expected mqtt://host:port, mqtts://, ws:// or wss://',
      abort: true,
    })
    .refine((text) => canDecode(new URL(text)), {
      message: 'expected %25 for each % in the user name and the password',
    })
    .default('mqtt://127.0.0.1:1883')
    .describe('mqtt://host:1883, mqtts://host:8883, ws:// or wss://'),
  username: z.string().optional().describe('user name, if the broker asks for one'),
  password: z.string().optional().describe('password; better kept in passwordFile'),
  passwordFile: z
    .string()
    .optional()
    .describe('file that holds the password, read at each connection'),
  clientId: z
    .string()
    .optional()
    .describe(
      'beginning of the client id, completed per connection; default: sentigon and random digits',
    ),
  protocolVersion: z
    .union([z.literal(4), z.literal(5)])
    .default(4)
    .describe('4 = MQTT 3.1.1, 5 = MQTT 5'),
  qos: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(1)
    .describe(
      'quality of service of what is published and of subscriptions: 0 = an alert counts as sent once it is written to the connection, and may be lost; 1 = at least once; 2 = exactly once, unless the connection breaks. Sparkplug has its own',
    ),
  keepaliveS: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(30)
    .describe(
      'seconds between keep-alive packets; a dead connection is noticed after 1.5 times as long',
    ),
  connectTimeoutMs: z
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe('how long to wait for the broker to answer, ms'),
  tls: z
    .strictObject({
      ca: z.string().optional().describe('file with the certificate of the authority, PEM'),
      cert: z.string().optional().describe('file with the certificate of this client, PEM'),
      key: z.string().optional().describe('file with the key of this client, PEM'),
      servername: z.string().optional().describe("name expected in the broker's certificate"),
      rejectUnauthorized: z
        .boolean()
        .default(true)
        .describe('false accepts any certificate: for trials only'),
    })
    .optional()
    .describe('certificates for mqtts:// and wss://'),
});

export type BrokerOptions = z.infer<typeof brokerOptions>;

/** A warning about alerts that are published with these options; undefined = none. */
export function riskOf({ qos }: Pick<BrokerOptions, 'qos'>): string | undefined {
  if (qos > 0) return undefined;
  return 'broker.qos is 0: an alert counts as sent when it is written to the connection, and is lost when that breaks: choose 1 to have it acknowledged';
}

function canDecode({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false; // a % that encodes nothing
  }
}

/** The URL without user name and password, for messages. */
export function shownUrl({ url }: Pick<BrokerOptions, 'url'>): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}

/** Credentials; those of the options take precedence over those in the URL. Throws when `passwordFile` cannot be read. */
export function credentials(broker: BrokerOptions): { username?: string; password?: string } {
  const url = new URL(broker.url);
  const username = broker.username ?? decodeURIComponent(url.username);
  const password =
    broker.password ??
    (broker.passwordFile === undefined
      ? decodeURIComponent(url.password)
      : secretIn(broker.passwordFile));
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) };
}

/** Code of the error that `credentials` and `clientOptions` throw. */
export const UNREADABLE_SECRET = 'UNREADABLE_SECRET';

function secretIn(path: string): string {
  try {
    return readSecret(path);
  } catch (cause) {
    const error = new Error(`file ${path} ${whyUnread(cause)}`, { cause });
    throw Object.assign(error, { code: UNREADABLE_SECRET });
  }
}

/** The options with a prefix for client ids: a random one if they name none. */
export function withClientId(broker: BrokerOptions): BrokerOptions & { readonly clientId: string } {
  return { ...broker, clientId: broker.clientId ?? `sentigon-${randomBytes(4).toString('hex')}` };
}

/**
 * Options of mqtt.js for one connection that is not reopened: `session.ts` reconnects with back-off, and the outbox queues,
 * because mqtt.js queues in memory without bounds. `role` distinguishes connections with the same `clientId`; of two equal
 * ids a broker drops the older.
 */
export function clientOptions(broker: BrokerOptions, role: string): IClientOptions {
  const { ca, cert, key, servername, rejectUnauthorized = true } = broker.tls ?? {};
  return {
    ...credentials(broker),
    clientId: `${withClientId(broker).clientId}-${role}`,
    protocolVersion: broker.protocolVersion,
    keepalive: broker.keepaliveS,
    connectTimeout: broker.connectTimeoutMs,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    writeCache: false, // else mqtt-packet makes a buffer of each number of two bytes: 6 MB for the life of the process
    rejectUnauthorized,
    ...(ca !== undefined && { ca: secretIn(ca) }),
    ...(cert !== undefined && { cert: secretIn(cert) }),
    ...(key !== undefined && { key: secretIn(key) }),
    ...(servername !== undefined && { servername }),
  };
}
