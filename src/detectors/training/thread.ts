// Runs one task in a worker thread, so that the event loop of the main thread stays free.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type CarriedError, carried, revive } from '../../core/carried-error.ts';

/** Messages from the thread. */
type Answer<Progress, Result> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: CarriedError };

export interface ThreadContext<Progress> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the file `entry` in a thread with a copy of `task`. `entry` ends in `.ts`; in a build the `.js` beside it runs.
 * Rejects with the thread's `KnownError`; on abort it rejects at once with the signal's reason.
 */
export async function runInThread<Task, Progress, Result>(
  entry: URL,
  task: Task,
  { onProgress, signal }: ThreadContext<Progress>,
): Promise<Result> {
  signal?.throwIfAborted();
  const worker = start(entry, task);
  const settled = new AbortController();
  try {
    return await new Promise<Result>((resolve, reject) => {
      const abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { signal: settled.signal });
      worker.on('message', (answer: Answer<Progress, Result>) => {
        if (answer.type === 'progress') onProgress?.(answer.progress);
        else if (answer.type === 'done') resolve(answer.result);
        else reject(revive(answer.error));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`thread ended with code ${code}`)));
    });
  } finally {
    settled.abort();
    await worker.terminate();
  }
}

/**
 * Runs inside the thread: carries out the task and posts the result. An abort terminates the thread, so there is no
 * signal.
 */
export async function answerInThread<Task, Progress, Result>(
  work: (task: Task, progress: (progress: Progress) => void) => Promise<Result>,
): Promise<void> {
  const answer = (message: Answer<Progress, Result>): void => parentPort?.postMessage(message);
  try {
    const result = await work(workerData as Task, (progress) =>
      answer({ type: 'progress', progress }),
    );
    answer({ type: 'done', result });
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    answer({ type: 'failed', error: carried(error) });
  }
}

/**
 * In a build the thread runs compiled code. From sources (tests, tsx) the thread registers the TypeScript loader itself,
 * because `--import tsx` does not apply to threads.
 */
function start(source: URL, task: unknown): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  if (!fromSources)
    return new Worker(new URL(source.href.replace(/\.ts$/, '.js')), { workerData: task });
  // Resolved here, because a thread started from a string resolves packages from the working directory.
  const loader = import.meta.resolve('tsx/esm/api');
  const boot = `import('${loader}').then(({ register }) => { register(); return import('${source}'); })`;
  return new Worker(boot, { eval: true, workerData: task });
}
