// The optional packages that speak with Redis, and the names under which jobs lie there.
import { createRequire } from 'node:module';
import type * as bullmq from 'bullmq';
import type * as ioredis from 'ioredis';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { requireOptional } from '../../core/optional-package.ts';

const INSTALL = 'npm install bullmq ioredis';

/** Where jobs are left and taken. */
export interface RedisPlace {
  /** `redis://[user:password@]host[:port][/db]`, or `rediss://` with TLS. */
  readonly url: string;
  /** What names of ours in Redis begin with; who speaks of the same jobs has the same. */
  readonly prefix: string;
}

export interface RedisPackages {
  readonly bullmq: typeof bullmq;
  readonly ioredis: typeof ioredis;
}

/** Throws `DeviceError` naming the package that is absent. `neededBy` is for the message. */
export function loadRedis(neededBy: string): RedisPackages {
  // As CommonJS: BullMQ finds ioredis by itself only there.
  const require = createRequire(import.meta.url);
  const one = <T>(name: string): T =>
    requireOptional<T>({ name, install: INSTALL, load: () => require(name) as T }, neededBy);
  return { bullmq: one('bullmq'), ioredis: one('ioredis') };
}

/** A connection of our own. Throws `ConfigError` for an address that is none, `DeviceError` where nobody answers. */
export async function connectRedis(
  { ioredis }: RedisPackages,
  { url }: RedisPlace,
): Promise<ioredis.Redis> {
  if (!/^rediss?:\/\/[^/]/.test(url)) {
    throw new ConfigError(`'${url}' is no address of a Redis: give redis://host[:port]`);
  }
  let reached = false;
  const client = new ioredis.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (reached ? Math.min(times * 500, 10_000) : null),
  });
  let fault = 'it closed the connection';
  client.on('error', (error) => {
    fault = error.message;
  });
  try {
    await client.connect();
    reached = true;
    return client;
  } catch (cause) {
    client.disconnect();
    const remedy = /^(NOAUTH|WRONGPASS)/.test(fault)
      ? 'name its password in redis://:password@host'
      : 'start a Redis there';
    throw new DeviceError(`${withoutPassword(url)} does not answer (${fault}): ${remedy}`, {
      cause,
    });
  }
}

/** Tells each change once, however often it is tried again. */
export function followConnection(client: ioredis.Redis, tell: (isThere: boolean) => void): void {
  let wasThere = true;
  const now = (isThere: boolean): void => {
    if (isThere !== wasThere) tell(isThere);
    wasThere = isThere;
  };
  client.on('close', () => now(false)).on('ready', () => now(true));
}

/** Name of the key that holds what jobs share. */
export function sharedName({ prefix }: RedisPlace, key: string): string {
  return `${prefix}:shared:${key}`;
}

export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
