// Puts jobs into Redis as BullMQ jobs, for workers on other machines.
import type { EventEmitter } from 'node:events';
import type * as bullmq from 'bullmq';
import type * as ioredis from 'ioredis';
import { race } from '../../core/race.ts';
import { type Answer, resultOf } from './job-handler.ts';
import { decodePlain, encodePlain } from './plain-data.ts';
import type { Job, JobContext, Pool, Shared } from './pool.ts';
import {
  connectRedis,
  followConnection,
  knownFault,
  loadRedis,
  type RedisPackages,
  type RedisPlace,
  sharedName,
} from './redis-connection.ts';

/** Data of a BullMQ job; both are texts of `encodePlain`, or the key of one. */
export interface RedisJob {
  readonly task: string;
  readonly sharedKey?: string;
}

/** Lifetime of a result; later nobody needs it. */
const KEPT_S = 86_400;
/** Lifetime of shared data: longer than a pause of the work. */
const SHARED_KEPT_S = 7 * 86_400;

interface Lane {
  readonly queue: bullmq.Queue<RedisJob, string>;
  readonly events: bullmq.QueueEvents;
}

/** Calls `tell` when the connection to Redis is lost and when it is back. Throws as `loadRedis` and `connectRedis` do. */
export async function createRedisPool(
  place: RedisPlace,
  tell: (isThere: boolean) => void = () => undefined,
): Promise<RedisPool> {
  const packages = loadRedis('--workers');
  const client = await connectRedis(packages, place);
  client.setMaxListeners(0); // one for each job that is waited for
  return new RedisPool(place, packages, client, tell);
}

export class RedisPool implements Pool {
  readonly #place: RedisPlace;
  readonly #packages: RedisPackages;
  readonly #client: ioredis.Redis;
  readonly #lanes = new Map<string, Lane>();

  #isClosed = false;

  constructor(
    place: RedisPlace,
    packages: RedisPackages,
    client: ioredis.Redis,
    tell: (isThere: boolean) => void,
  ) {
    this.#place = place;
    this.#packages = packages;
    this.#client = client;
    followConnection(client, (isThere) => !this.#isClosed && tell(isThere));
  }

  async run<Result>(job: Job, { signal, onProgress }: JobContext = {}): Promise<Result> {
    signal?.throwIfAborted();
    const lane = this.#laneOf(job.queue);
    const { key: jobId } = job;
    const follow = (told: { readonly jobId: string; readonly data: unknown }): void => {
      if (told.jobId === jobId) onProgress?.(Number(told.data));
    };
    lane.events.on('progress', follow);
    const answered = this.#answered(job, lane);
    try {
      const answer = await race(answered.answer, { signal });
      if (answer === undefined) throw signal?.reason;
      return resultOf(decodePlain(answer) as Answer);
    } catch (cause) {
      if (signal?.aborted) await lane.queue.remove(jobId).catch(() => undefined); // under way: its worker keeps it
      throw knownFault(cause, job, this.#place.url);
    } finally {
      lane.events.off('progress', follow);
      answered.forget();
    }
  }

  /** Number of workers of this queue. */
  async workersOf(queue: string): Promise<number> {
    return await this.#laneOf(queue).queue.getWorkersCount();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { queue, events } of this.#lanes.values()) {
      await events.close();
      await queue.close();
    }
    this.#client.disconnect();
  }

  /** A Redis may restart without its jobs: after each reconnection, adds the job again. */
  #answered(job: Job, lane: Lane): { readonly answer: Promise<string>; forget(): void } {
    let forget = (): void => undefined;
    const answer = new Promise<string>((resolve, reject) => {
      const leave = (): void => void this.#leave(job, lane).then(resolve, reject);
      this.#client.on('ready', leave);
      forget = () => void this.#client.off('ready', leave);
      leave();
    });
    return { answer, forget };
  }

  async #leave({ key: jobId, task, shared }: Job, { queue, events }: Lane): Promise<string> {
    await this.#share(shared);
    const data = { task: encodePlain(task), ...(shared && { sharedKey: shared.key }) };
    const left = await queue.add('job', data, {
      jobId, // one that is there already, waiting, under way or done, is not left again
      removeOnComplete: { age: KEPT_S },
      removeOnFail: true,
    });
    return await left.waitUntilFinished(events);
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known) return known;
    const { Queue, QueueEvents } = this.#packages.bullmq;
    const { url, prefix } = this.#place;
    const options = { connection: { url, maxRetriesPerRequest: null }, prefix };
    const queue = new Queue<RedisJob, string>(name, options);
    const events = new QueueEvents(name, options);
    for (const each of [queue, events] as readonly EventEmitter[]) {
      each.setMaxListeners(0); // one for each job that is waited for
      each.on('error', () => undefined); // it connects again
    }
    this.#lanes.set(name, { queue, events });
    return { queue, events };
  }

  async #share(shared: Shared | undefined): Promise<void> {
    if (!shared) return;
    const name = sharedName(this.#place, shared.key);
    if ((await this.#client.expire(name, SHARED_KEPT_S)) === 1) return;
    await this.#client.set(name, encodePlain(shared.value), 'EX', SHARED_KEPT_S);
  }
}
