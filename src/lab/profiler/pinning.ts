import { isMainThread } from 'node:worker_threads';
import type { ProfilerHost } from './host.ts';

/**
 * Holds the main thread of this process on one processor until the function that it returns is called; the collector
 * and the compiler of V8 stay on the others. undefined where that cannot be: in a worker, without `taskset`
 * (util-linux), or where the process may not run on that processor.
 */
export async function pinTo(
  processor: number,
  host: ProfilerHost,
): Promise<(() => Promise<void>) | undefined> {
  if (!isMainThread) return undefined;
  const thread = String(process.pid);
  const before = (await host.run('taskset', ['-cp', thread]))?.split(': ').at(-1);
  if (before === undefined) return undefined;
  const printed = await host.run('taskset', ['-cp', String(processor), thread]);
  if (printed === undefined) return undefined;
  return async () => {
    await host.run('taskset', ['-cp', before, thread]);
  };
}
