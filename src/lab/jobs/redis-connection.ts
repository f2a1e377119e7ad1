// Loads the optional Redis packages, connects to Redis, and translates its errors.
import { createRequire } from 'node:module';
import type * as bullmq from 'bullmq';
import type * as ioredis from 'ioredis';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { requireOptional } from '../../core/optional-package.ts';
import { type Job, MOST_LOST } from './pool.ts';

const INSTALL = 'npm install bullmq ioredis';

/** The Redis that holds the jobs. */
export interface RedisPlace {
  /** `redis://[user:password@]host[:port][/db]`, or `rediss://` with TLS. */
  readonly url: string;
  /** Prefix of our keys in Redis; all processes that share jobs use the same. */
  readonly prefix: string;
}

export interface RedisPackages {
  readonly bullmq: typeof bullmq;
  readonly ioredis: typeof ioredis;
}

/** Throws `DeviceError` naming the missing package. `neededBy` is for the message. */
export function loadRedis(neededBy: string): RedisPackages {
  // As CommonJS: BullMQ finds ioredis by itself only there.
  const require = createRequire(import.meta.url);
  const one = <T>(name: string): T =>
    requireOptional<T>({ name, install: INSTALL, load: () => require(name) as T }, neededBy);
  return { bullmq: one('bullmq'), ioredis: one('ioredis') };
}

/** Opens a connection. Throws `ConfigError` for an invalid address, `DeviceError` if no Redis answers. */
export async function connectRedis(
  { ioredis }: RedisPackages,
  { url }: RedisPlace,
): Promise<ioredis.Redis> {
  if (!/^rediss?:\/\/[^/]/.test(url)) {
    throw new ConfigError(`'${url}' is not a Redis address: use redis://host[:port]`, {
      code: 'SEN_CFG_REDIS_URL',
    });
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
      ? 'give its password in redis://:password@host'
      : 'start a Redis there';
    throw new DeviceError(`${withoutPassword(url)} does not answer (${fault}): ${remedy}`, {
      code: 'SEN_DEV_REDIS',
      cause,
    });
  }
}

/** Reports each loss and return of the connection once, even after several retries. */
export function followConnection(
  client: ioredis.Redis,
  onChange: (isThere: boolean) => void,
): void {
  let wasThere = true;
  const now = (isThere: boolean): void => {
    if (isThere !== wasThere) onChange(isThere);
    wasThere = isThere;
  };
  client.on('close', () => now(false)).on('ready', () => now(true));
}

/** Key of the data that jobs share. */
export function sharedName({ prefix }: RedisPlace, key: string): string {
  return `${prefix}:shared:${key}`;
}

export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

/** Turns a job that lost too many workers, and refusals of Redis, into a `DeviceError`; returns other errors unchanged. */
export function knownFault(cause: unknown, { key, queue }: Job, url: string): unknown {
  if (!(cause instanceof Error)) return cause;
  if (/stalled more than/.test(cause.message)) {
    return new DeviceError(
      `job ${key} of ${queue} ended ${MOST_LOST + 1} workers: check their memory and the end of their logs`,
      { code: 'SEN_DEV_JOB', cause },
    );
  }
  if (cause.name !== 'ReplyError') return cause;
  return new DeviceError(
    `${withoutPassword(url)} refused job ${key} of ${queue} (${cause.message}): check its memory and the permissions of this user`,
    { code: 'SEN_DEV_REDIS', cause },
  );
}
