// Where the jobs of a search are carried out.
import { createLocalPool } from '../../lab/jobs/local-pool.ts';
import type { Pool } from '../../lab/jobs/pool.ts';
import { type RedisPlace, withoutPassword } from '../../lab/jobs/redis-connection.ts';
import { createRedisPool } from '../../lab/jobs/redis-pool.ts';
import { version } from '../version.ts';

/** In threads of this process. */
export function threadPool(threads: number): Pool {
  return createLocalPool({ entry: new URL('./job-thread.ts', import.meta.url), threads });
}

/** Searches and workers of one version find each other: results of another one would not be the same. */
export function redisPlace(url: string): RedisPlace {
  return { url, prefix: `sentigon-${version()}` };
}

/** The warning when Redis does not answer any more. */
export function lostLine(url: string): string {
  return `lost the connection to ${withoutPassword(url)}: trying again`;
}

/**
 * By workers of other processes; `warn` is called for queues without a worker, and when the connection to Redis is
 * lost or restored. Throws as `createRedisPool` does.
 */
export async function workerPool(
  url: string,
  queues: readonly string[],
  warn: (line: string) => void,
): Promise<Pool> {
  const pool = await createRedisPool(redisPlace(url), (isThere) =>
    warn(isThere ? `connected to ${withoutPassword(url)} again` : lostLine(url)),
  );
  for (const queue of queues) {
    if ((await pool.workersOf(queue)) === 0) {
      warn(`no worker takes '${queue}' jobs yet: start one with sentigon worker --redis ${url}`);
    }
  }
  return pool;
}
