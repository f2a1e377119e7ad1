// The thread's side of local-pool.ts, and the result of a job as plain data.
import type { MessagePort } from 'node:worker_threads';
import { type CarriedError, carried, revive } from '../../core/carried-error.ts';

/** Message to a thread. */
export interface PostedJob {
  readonly task: unknown;
  readonly shared: unknown;
  /** Port for the progress, 0 to 1. */
  readonly port: MessagePort;
}

/** Runs one task and returns its result or a promise. An abort ends the whole thread, so there is no signal. */
type Work = (task: unknown, shared: unknown, progress: (fraction: number) => void) => unknown;

/** Makes the `handle` that the entry file of a pool's threads exports. */
export function jobHandler(work: Work): (job: PostedJob) => Promise<Answer> {
  return async ({ task, shared, port }) => {
    try {
      return await answerOf(() => work(task, shared, (fraction) => port.postMessage(fraction)));
    } finally {
      port.close();
    }
  };
}

/** Result or error of a job as plain data: errors lose all but their text between threads and machines. */
export type Answer =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: CarriedError };

export async function answerOf(work: () => unknown): Promise<Answer> {
  try {
    return { type: 'done', result: await work() };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { type: 'failed', error: carried(error) };
  }
}

/** Throws the job's own error. */
export function resultOf<Result>(answer: Answer): Result {
  if (answer.type === 'failed') throw revive(answer.error);
  return answer.result as Result; // what the job's kind promises
}
