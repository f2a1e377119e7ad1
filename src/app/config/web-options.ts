import { hostname } from 'node:os';
import { z } from 'zod';
import { listenOptions } from '../../io/local/http-listener.ts';

const DAY_H = 24;
const YEAR_H = 8784;

/** Of a password; fewer are guessed however much logins are slowed down. */
export const LEAST_CHARACTERS = 8;

export const webOptions = z.strictObject({
  ...listenOptions(8470, 'shows the login to the whole network, without TLS'),
  passwordFile: z
    .string()
    .optional()
    .describe(
      'file with the password, read at each login; default: the daemon creates one in the state folder',
    ),
  readOnlyPasswordFile: z
    .string()
    .optional()
    .describe(
      'file with another password, whose owners see the page and change nothing; default: there is none',
    ),
  origin: z
    .string()
    .refine(isOrigin, { message: 'expected https://name or https://name:port, without a path' })
    .transform((text) => new URL(text).origin)
    .optional()
    .describe(
      'address in the browser if a reverse proxy or a domain serves the page; with https:// logins work over TLS only',
    ),
  sessionHours: z
    .number()
    .positive()
    .max(YEAR_H)
    .default(DAY_H)
    .describe('how long a login lasts')
    .meta({ unit: 'h' }),
  fleet: z
    .boolean()
    .default(false)
    .describe('true: also show the other devices on the same broker'),
});

export type WebOptions = z.infer<typeof webOptions>;

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, username } = new URL(text);
  const plain = pathname === '/' && search === '' && username === '';
  return plain && (protocol === 'https:' || protocol === 'http:');
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;
const ANY = /^(0\.0\.0\.0|::)$/;

/** Where people on the network find the page; undefined = only this machine can reach it, or it has any free port. */
export function pageUrlOf({ host, port, origin }: WebOptions): string | undefined {
  if (origin !== undefined) return `${origin}/`;
  if (LOOPBACK.test(host) || port === 0) return undefined;
  // the name of a device on its own network, by multicast DNS
  const name = ANY.test(host) ? `${hostname().split('.')[0]}.local` : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}/`;
}
