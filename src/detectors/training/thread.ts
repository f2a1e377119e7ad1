// One piece of work in a thread of its own, so that a daemon or a progress bar goes on meanwhile.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type CarriedError, carried, revive } from '../../core/carried-error.ts';

/** What a thread answers. */
type Answer<Progress, Result> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: CarriedError };

export interface ThreadContext<Progress> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the file `entry`, a `.ts` beside which its compiled form will lie, with `task`, which is copied. Rejects with the
 * thread's own `KnownError`, or at once with the signal's reason.
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

/** The other side: carries out the task and answers. An abort ends the whole thread, so no signal reaches the work. */
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
 * Built, the thread runs compiled code; from sources (tests, tsx) it needs the loader that reads TypeScript, which it
 * registers itself: `--import tsx` registers nothing in threads.
 */
function start(source: URL, task: unknown): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  if (!fromSources)
    return new Worker(new URL(source.href.replace(/\.ts$/, '.js')), { workerData: task });
  // Resolved here, because a thread made from text looks for packages from the working directory.
  const loader = import.meta.resolve('tsx/esm/api');
  const boot = `import('${loader}').then(({ register }) => { register(); return import('${source}'); })`;
  return new Worker(boot, { eval: true, workerData: task });
}
