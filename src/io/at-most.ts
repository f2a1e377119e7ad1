import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for `work`, but not longer than `timeoutMs`. What it rejects with in time is thrown. */
export async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: done.signal }).catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
