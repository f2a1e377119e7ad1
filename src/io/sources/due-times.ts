// The grid that polling sources sample on.
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Yields each multiple of `intervalMs` of the wall clock as it comes, `delayMs` later if that is asked for, until the
 * signal aborts. After a consumer that was slow, what was due meanwhile comes once.
 */
export async function* dueTimes(
  intervalMs: number,
  signal: AbortSignal,
  delayMs = 0,
): AsyncGenerator<number> {
  let dueMs = nextOnGrid(intervalMs);
  while (await until(dueMs + delayMs, signal)) {
    yield dueMs;
    dueMs = Math.max(dueMs + intervalMs, nextOnGrid(intervalMs) - intervalMs);
  }
}

function nextOnGrid(intervalMs: number): number {
  return (Math.floor(Date.now() / intervalMs) + 1) * intervalMs;
}

/** Sleeps until `timeMs` on the wall clock; false when aborted. */
async function until(timeMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    // Timers may fire a millisecond early.
    while (Date.now() < timeMs) await sleep(timeMs - Date.now(), undefined, { signal });
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
