// The other side of worker.ts: runs one training and answers.
import { parentPort, workerData } from 'node:worker_threads';
import { lookUp, parseOptions } from '../../core/registry.ts';
import { loadKernels } from '../../engine/kernels/load.ts';
import type { Model } from '../../models/model.ts';
import { trainers } from './index.ts';
import type { Answer, Task } from './worker.ts';

/** Progress is for people: more often than this is noise. */
const PROGRESS_EVERY_MS = 50;

async function run({ kind, series, options, seed, intervalMs }: Task): Promise<Model> {
  const trainer = lookUp(trainers, kind, 'detector kind');
  const parsed = parseOptions(trainer.options, options ?? {}, `detector ${kind}`);
  let last = 0;
  return trainer.train(series, parsed, {
    kernels: await loadKernels(),
    seed,
    intervalMs,
    // An abort ends the whole thread.
    signal: new AbortController().signal,
    progress(progress) {
      if (progress.fraction < 1 && performance.now() - last < PROGRESS_EVERY_MS) return;
      last = performance.now();
      answer({ type: 'progress', progress });
    },
  });
}

function answer(message: Answer): void {
  parentPort?.postMessage(message);
}

try {
  answer({ type: 'done', model: await run(workerData as Task) });
} catch (cause) {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  answer({ type: 'failed', name: error.name, message: error.message, stack: error.stack ?? '' });
}
