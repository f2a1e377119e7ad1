// Training in a thread of its own, so that a daemon or a progress bar goes on meanwhile.
import { Worker } from 'node:worker_threads';
import * as errors from '../../core/errors.ts';
import type { Series } from '../../core/series.ts';
import type { Model } from '../../models/model.ts';
import type { TrainingProgress } from '../trainer.ts';

export interface WorkerTraining {
  readonly seed: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}

/** What the thread is told, and what it answers. */
export interface Task {
  readonly kind: string;
  readonly series: Series;
  readonly options: unknown;
  readonly seed: number;
  readonly intervalMs: number;
}
export type Answer =
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'done'; readonly model: Model }
  | {
      readonly type: 'failed';
      readonly name: string;
      readonly message: string;
      readonly stack: string;
    };

/**
 * Trains as the trainer of that kind would, elsewhere. Rejects with the trainer's own `KnownError`, or at once with
 * the signal's reason. `options` are parsed by the trainer's schema; missing ones take their defaults.
 */
export async function trainInWorker(
  kind: string,
  series: Series,
  options: unknown,
  { seed, intervalMs, onProgress, signal }: WorkerTraining,
): Promise<Model> {
  signal?.throwIfAborted();
  const worker = startThread({ kind, series, options, seed, intervalMs });
  const settled = new AbortController();
  try {
    return await new Promise<Model>((resolve, reject) => {
      const abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { signal: settled.signal });
      worker.on('message', (answer: Answer) => settle(answer, resolve, reject, onProgress));
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`training thread ended with code ${code}`)));
    });
  } finally {
    settled.abort();
    await worker.terminate();
  }
}

function settle(
  answer: Answer,
  resolve: (model: Model) => void,
  reject: (reason: Error) => void,
  onProgress: WorkerTraining['onProgress'],
): void {
  switch (answer.type) {
    case 'progress':
      onProgress?.(answer.progress);
      break;
    case 'done':
      resolve(answer.model);
      break;
    case 'failed':
      reject(revive(answer));
      break;
  }
}

/**
 * Built, the thread runs compiled code; from sources (tests, tsx) it needs the loader that reads TypeScript, which it
 * registers itself: `--import tsx` registers nothing in threads.
 */
function startThread(task: Task): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  const entry = new URL(`./worker-thread.${fromSources ? 'ts' : 'js'}`, import.meta.url);
  if (!fromSources) return new Worker(entry, { workerData: task });
  // Resolved here, because a thread made from text looks for packages from the working directory.
  const loader = import.meta.resolve('tsx/esm/api');
  const boot = `import('${loader}').then(({ register }) => { register(); return import('${entry}'); })`;
  return new Worker(boot, { eval: true, workerData: task });
}

/** The same class of error as in the thread: structured cloning keeps nothing of it but the text. */
function revive({ name, message, stack }: Answer & { type: 'failed' }): Error {
  const known = Object.values(errors).find(
    (type) => type.name === name && type !== errors.KnownError,
  );
  const error = known
    ? new (known as new (message: string) => Error)(message)
    : Object.assign(new Error(message), { name });
  error.stack = stack;
  return error;
}
