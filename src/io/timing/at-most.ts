import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for `work`, but not longer than `timeoutMs`; false when it was not done in time. What it rejects with in time is
 * thrown.
 */
export async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const done = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: done.signal }).catch(() => undefined);
  try {
    return await Promise.race([work.then(() => true), late.then(() => false)]);
  } finally {
    done.abort();
  }
}
