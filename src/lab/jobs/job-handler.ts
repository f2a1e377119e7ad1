// The thread's side of local-pool.ts.
import type { MessagePort } from 'node:worker_threads';
import { type Answer, answerOf } from './answer.ts';

/** What a thread is posted. */
export interface PostedJob {
  readonly task: unknown;
  readonly shared: unknown;
  /** Fractions of the progress go here. */
  readonly port: MessagePort;
}

/** Carries out one task and returns its result, or a promise of it. An abort ends the whole thread, so no signal reaches it. */
export type Work = (
  task: unknown,
  shared: unknown,
  progress: (fraction: number) => void,
) => unknown;

/** Makes what the entry file of a pool's threads exports as `handle`. */
export function jobHandler(work: Work): (job: PostedJob) => Promise<Answer> {
  return async ({ task, shared, port }) => {
    try {
      return await answerOf(() => work(task, shared, (fraction) => port.postMessage(fraction)));
    } finally {
      port.close();
    }
  };
}
