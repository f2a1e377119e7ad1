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

/** What is said of a Redis that does not answer any more. */
export function lostLine(url: string): string {
  return `lost ${withoutPassword(url)}: trying to reach it again`;
}

/**
 * By workers of other processes; `warn` is told of queues that nobody takes jobs of, which may still change, and of a Redis
 * that is lost or back. Throws as `createRedisPool` does.
 */
export async function workerPool(
  url: string,
  queues: readonly string[],
  warn: (line: string) => void,
): Promise<Pool> {
  const pool = await createRedisPool(redisPlace(url), (isThere) =>
    warn(isThere ? `${withoutPassword(url)} is back` : lostLine(url)),
  );
  for (const queue of queues) {
    if ((await pool.workersOf(queue)) === 0) {
      warn(`no worker takes '${queue}' jobs yet: start one with sentigon worker --redis ${url}`);
    }
  }
  return pool;
}
