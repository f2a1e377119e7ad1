// Jobs in threads of this process.
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { DeviceError } from '../../core/errors.ts';
import type { PostedJob } from './job-handler.ts';
import { type Answer, resultOf } from './job-handler.ts';
import { type Job, type JobContext, MOST_LOST, type Pool } from './pool.ts';

export interface LocalPoolOptions {
  /** A `.ts` that exports `handle`, made by `jobHandler`; its compiled form is beside it. */
  readonly entry: URL;
  readonly threads: number;
}

/** Starts threads on demand; they stay until `close`. */
export function createLocalPool({ entry, threads }: LocalPoolOptions): Pool {
  const fromSources = import.meta.url.endsWith('.ts');
  const piscina = new Piscina({
    filename: fileURLToPath(fromSources ? entry : entry.href.replace(/\.ts$/, '.js')),
    name: 'handle',
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled', // else a thread stands still between jobs, and what it has not yet written with it
    execArgv: fromSources ? ['--import', typeScriptLoader()] : [],
  });
  return {
    async run<Result>(job: Job, context: JobContext = {}): Promise<Result> {
      return resultOf(await answered(piscina, job, context));
    },
    async close() {
      await piscina.destroy();
    },
  };
}

/** Errors of the job itself arrive as an answer; an error thrown here means that the thread ended. */
async function answered(piscina: Piscina, job: Job, context: JobContext): Promise<Answer> {
  for (let lost = 0; ; lost++) {
    context.signal?.throwIfAborted();
    try {
      return await post(piscina, job, context);
    } catch (cause) {
      context.signal?.throwIfAborted();
      if (lost < MOST_LOST) continue;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DeviceError(
        `job ${job.key} of ${job.queue} ended ${lost + 1} threads (${reason}): give it more memory, or run fewer jobs at once`,
        { code: 'SEN_DEV_JOB', cause },
      );
    }
  }
}

async function post(
  piscina: Piscina,
  { task, shared }: Job,
  { signal, onProgress }: JobContext,
): Promise<Answer> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (fraction: number) => onProgress?.(fraction));
  const posted: PostedJob = { task, shared: shared?.value, port: port2 };
  try {
    return await piscina.run(posted, { transferList: [port2], signal: signal ?? null });
  } finally {
    port1.close();
  }
}

/** `--import tsx` registers nothing in threads. */
function typeScriptLoader(): string {
  const api = import.meta.resolve('tsx/esm/api');
  return `data:text/javascript,import { register } from '${api}'; register();`;
}
