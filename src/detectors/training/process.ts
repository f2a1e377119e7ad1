// Runs one task in a process of its own. The event loop of this one stays free, and with the end of the process all of its
// memory is given back: after a thread the heap of the daemon stays ten MB larger with each training.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type CarriedError, carried, revive } from '../../core/carried-error.ts';
import { DeviceError } from '../../core/errors.ts';

/** Messages from the process. */
type Answer<Progress, Result> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: CarriedError };

export interface ProcessContext<Progress> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the file `entry` in a process with a copy of `task`. `entry` ends in `.ts`; in a build the `.js` beside it runs.
 * Settles when the process has ended: rejects with its `KnownError`, with `DeviceError` when something else ended it, and on
 * abort with the signal's reason.
 */
export async function runInProcess<Task, Progress, Result>(
  entry: URL,
  task: Task,
  { onProgress, signal }: ProcessContext<Progress>,
): Promise<Result> {
  signal?.throwIfAborted();
  const child = start(entry);
  const stop = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  try {
    return await new Promise<Result>((resolve, reject) => {
      let last: Exclude<Answer<Progress, Result>, { readonly type: 'progress' }> | undefined;
      child.on('message', (answer: Answer<Progress, Result>) => {
        if (answer.type === 'progress') onProgress?.(answer.progress);
        else last = answer;
      });
      child.on('error', reject);
      // not 'exit', which may come before the last message
      child.on('close', (code, killedBy) => {
        if (signal?.aborted) reject(signal.reason);
        else if (last?.type === 'done') resolve(last.result);
        else reject(last ? revive(last.error) : endedEarly(code, killedBy));
      });
      child.send({ task }, (error) => {
        if (error && child.exitCode === null && child.signalCode === null) reject(error);
      });
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

function endedEarly(code: number | null, killedBy: NodeJS.Signals | null): Error {
  if (killedBy === null)
    return new Error(`the process of a task ended with code ${code} before it answered`);
  return new DeviceError(
    `the process that trains or compresses was ended by ${killedBy}, most likely because memory ran out: give the daemon more (MemoryMax of its unit), or use fewer rows (retrain.rows, learn.rows, or a shorter recording)`,
    { code: 'SEN_DEV_TRAINING_KILLED' },
  );
}

/**
 * Runs inside the process: carries out the task and sends the result. An abort kills the process, so there is no signal; it
 * ends by itself when the process that asked is gone.
 */
export async function answerInProcess<Task, Progress, Result>(
  work: (task: Task, progress: (progress: Progress) => void) => Promise<Result>,
): Promise<void> {
  // A terminal and systemd send these to all processes of a service: who asked decides, and kills this one.
  for (const name of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(name, () => undefined);
  process.on('disconnect', () => process.exit());
  const { task } = await new Promise<{ readonly task: Task }>((resolve) => {
    process.once('message', (message) => resolve(message as { readonly task: Task }));
  });
  const answer = await work(task, (progress) => void process.send?.({ type: 'progress', progress }))
    .then((result) => ({ type: 'done', result }) as const)
    .catch((cause: unknown) => {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      return { type: 'failed', error: carried(error) } as const;
    });
  process.send?.(answer, () => process.disconnect());
}

/**
 * As the daemon runs: a heap that is rather small than fast. A retraining has half the memory with them and takes as long, for
 * most of its work is done by the kernels.
 */
const SMALL_HEAP = ['--optimize-for-size', '--semi-space-growth-factor=1'];

/** In a build the process runs compiled code; from sources (tests, tsx) it needs the loader that reads TypeScript. */
function start(source: URL): ChildProcess {
  const fromSources = import.meta.url.endsWith('.ts');
  const entry = fromSources ? source : new URL(source.href.replace(/\.ts$/, '.js'));
  return fork(fileURLToPath(entry), {
    execArgv: [...SMALL_HEAP, ...(fromSources ? ['--import', import.meta.resolve('tsx')] : [])],
    serialization: 'advanced', // typed arrays
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
