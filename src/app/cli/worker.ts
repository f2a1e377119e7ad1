// `sentigon worker`: takes the jobs of searches on other machines.
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import type { Pool } from '../../lab/jobs/pool.ts';
import { type WorkerNotice, workOn } from '../../lab/jobs/redis-worker.ts';
import { deviceFacts } from '../../lab/profiler/device-facts.ts';
import { devices } from '../../lab/profiler/devices.ts';
import { thisHost } from '../../lab/profiler/host.ts';
import { listenForStop } from '../process/stop.ts';
import { lostLine, redisPlace, threadPool } from '../search/pools.ts';
import { EVALUATE, profileQueue, type SearchTask } from '../search/search-job.ts';
import { wholeOption } from './options.ts';

interface WorkerOptions {
  readonly redis: string;
  readonly device?: string;
  readonly evaluate?: true;
  readonly parallel: number;
  readonly cache?: string;
}

/** Digits of a key that are printed. */
const SHOWN_DIGITS = 12;

const NOTES = `
Without --device the worker trains and judges networks. With --device it measures them on this machine, and trains only
if --evaluate is given. It needs the packages bullmq and ioredis, and the Redis that the search names with --workers.
A worker that is stopped returns its job to the queue. The job of one that is killed goes to another within a minute.

Example:
  $ sentigon worker --redis redis://desk:6379 --parallel 4           on a desktop
  $ sentigon worker --redis redis://desk:6379 --device pi-4b         on the Pi
  $ sentigon search ASD/omi-2 --workers redis://desk:6379 --device pi-4b --measure --parallel 4 --out found`;

export function workerCommand(): Command {
  return new Command('worker')
    .requiredOption('--redis <url>', 'redis://[user:password@]host[:port]')
    .option(
      '--device <kind>',
      `measure on this machine, which is one of ${[...devices.keys()].join(', ')}`,
    )
    .option('--evaluate', 'train and judge networks too (the default without --device)')
    .option('--parallel <n>', 'trainings at once', wholeOption, 1)
    .option('--cache <dir>', 'folder to keep evaluations in')
    .addHelpText('after', NOTES)
    .action(work);
}

async function work(options: WorkerOptions): Promise<void> {
  const { redis, device, evaluate = device === undefined, parallel, cache } = options;
  if (device !== undefined) requireMeasurable(device, parallel);
  const queues = [
    ...(evaluate ? [EVALUATE] : []),
    ...(device === undefined ? [] : [profileQueue(device)]),
  ];
  const stop = listenForStop();
  const threads = threadPool(parallel);
  try {
    const taking = `taking ${queues.join(' and ')} jobs`;
    process.stdout.write(`${taking}\n`);
    const onConnection = (isThere: boolean): boolean =>
      isThere
        ? process.stdout.write(`${taking} again\n`)
        : process.stderr.write(`sentigon: ${lostLine(redis)}\n`);
    await workOn(
      redisPlace(redis),
      { queues, pool: withCache(threads, cache), parallel, onJob: tell, onConnection },
      stop.signal,
    );
  } finally {
    await threads.close();
    stop.release();
  }
}

function tell({ what, queue, key }: WorkerNotice): void {
  process.stdout.write(`${what} ${queue} ${key.slice(0, SHOWN_DIGITS)}\n`);
}

/** Trainings in parallel would disturb a measurement. */
function requireMeasurable(device: string, parallel: number): void {
  lookUp(devices, device, 'device');
  if (parallel > 1) {
    throw new ConfigError(
      `--parallel ${parallel} would disturb the measurements for --device ${device}: use --parallel 1`,
      { code: 'SEN_CFG_PARALLEL' },
    );
  }
  const { kind, model } = deviceFacts(thisHost);
  if (kind === device) return;
  process.stderr.write(`sentigon: this machine (${model}) looks like ${kind}, not ${device}\n`);
}

/** Folder of earlier evaluations on this machine. */
function withCache(pool: Pool, cache: string | undefined): Pool {
  return {
    run: (job, context) =>
      pool.run({ ...job, task: { ...(job.task as SearchTask), cache } }, context),
    close: () => pool.close(),
  };
}
