// A worker: takes jobs from Redis and runs them.
import type * as bullmq from 'bullmq';
import type * as ioredis from 'ioredis';
import { StoreError } from '../../core/errors.ts';
import { answerOf } from './job-handler.ts';
import { decodePlain, encodePlain } from './plain-data.ts';
import { type JobContext, MOST_LOST, type Pool, type Shared } from './pool.ts';
import {
  connectRedis,
  followConnection,
  loadRedis,
  type RedisPlace,
  sharedName,
} from './redis-connection.ts';
import type { RedisJob } from './redis-pool.ts';

export interface RedisWorkerOptions {
  readonly queues: readonly string[];
  /** Runs the jobs; it must not block this thread, which sends the heartbeat to Redis. */
  readonly pool: Pool;
  /** Jobs of each queue at once. */
  readonly parallel: number;
  /** A worker without a heartbeat for this time is lost, and other workers get its jobs. */
  readonly silenceMs?: number;
  readonly onJob?: (told: WorkerNotice) => void;
  /** Called when Redis is lost, and when it is back; no jobs are taken in between. */
  readonly onConnection?: (isThere: boolean) => void;
}

export interface WorkerNotice {
  readonly what: 'taken' | 'done' | 'returned' | 'failed';
  readonly queue: string;
  readonly key: string;
}

/** BullMQ's default: long enough for a Pi that swaps. */
const SILENCE_MS = 30_000;

/**
 * Runs until the signal is aborted; running jobs are then returned to the queue. Throws as `loadRedis` and
 * `connectRedis` do.
 */
export async function workOn(
  place: RedisPlace,
  options: RedisWorkerOptions,
  signal: AbortSignal,
): Promise<void> {
  const packages = loadRedis('a worker');
  const client = await connectRedis(packages, place);
  followConnection(client, (isThere) => !signal.aborted && options.onConnection?.(isThere));
  const shared = sharedReader(place, client);
  const workers = options.queues.map((queue) =>
    start(packages.bullmq, place, { ...options, queue, shared, signal }),
  );
  try {
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
    client.disconnect();
  }
}

interface Taking extends RedisWorkerOptions {
  readonly queue: string;
  readonly shared: (key: string) => Promise<Shared>;
  readonly signal: AbortSignal;
}

function start(
  { Worker, WaitingError }: typeof bullmq,
  { url, prefix }: RedisPlace,
  taking: Taking,
): bullmq.Worker<RedisJob, string> {
  const { queue, parallel, silenceMs = SILENCE_MS, signal, onJob } = taking;
  const process = async (job: bullmq.Job<RedisJob, string>, token?: string): Promise<string> => {
    const key = String(job.id);
    const tell = (what: WorkerNotice['what']): void => onJob?.({ what, queue, key });
    tell('taken');
    const answer = await answerOf(() => carryOut(job, key, taking));
    if (signal.aborted) {
      await job.moveToWait(token);
      tell('returned');
      throw new WaitingError();
    }
    tell(answer.type);
    return encodePlain(answer);
  };
  const worker = new Worker<RedisJob, string>(queue, process, {
    connection: { url, maxRetriesPerRequest: null },
    prefix,
    concurrency: parallel,
    lockDuration: silenceMs,
    stalledInterval: silenceMs,
    maxStalledCount: MOST_LOST,
  });
  worker.on('error', () => undefined); // it connects again
  return worker;
}

async function carryOut(
  job: bullmq.Job<RedisJob, string>,
  key: string,
  { queue, pool, shared, signal }: Taking,
): Promise<unknown> {
  const { task, sharedKey } = job.data;
  const context: JobContext = {
    signal,
    onProgress: (fraction) => void job.updateProgress(fraction).catch(() => undefined), // for display only; losing one does no harm
  };
  const common = sharedKey === undefined ? {} : { shared: await shared(sharedKey) };
  return await pool.run({ queue, key, task: decodePlain(task), ...common }, context);
}

/** Caches the latest shared data: jobs of one search share one recording. */
function sharedReader(place: RedisPlace, client: ioredis.Redis): (key: string) => Promise<Shared> {
  let newest: Shared | undefined;
  return async (key) => {
    if (newest?.key === key) return newest;
    const text = await client.get(sharedName(place, key));
    if (text === null) {
      throw new StoreError(
        `the shared data ${key} of a job are no longer in Redis: start the search again`,
        { code: 'SEN_STO_JOB_DATA' },
      );
    }
    newest = { key, value: decodePlain(text) };
    return newest;
  };
}
