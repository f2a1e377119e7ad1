// The grid that polling sources sample on.
import { pause } from '../timing/pause.ts';

export interface DueOptions {
  /** How long after its time a step is told of. */
  readonly delayMs?: number;
  /** The wall clock. */
  readonly now?: () => number;
}

/**
 * Yields each multiple of `intervalMs` of the wall clock as it comes, until the signal aborts. After a consumer that
 * was slow, what was due meanwhile comes once; after a clock that was set back, the grid goes on from there.
 */
export async function* dueTimes(
  intervalMs: number,
  signal: AbortSignal,
  { delayMs = 0, now = Date.now }: DueOptions = {},
): AsyncGenerator<number> {
  const nextAfter = (timeMs: number): number => (Math.floor(timeMs / intervalMs) + 1) * intervalMs;
  let dueMs = nextAfter(now());
  while (!signal.aborted) {
    const waitMs = dueMs + delayMs - now(); // more than once: timers may fire a millisecond early
    if (waitMs > intervalMs + delayMs) dueMs = nextAfter(now());
    else if (waitMs > 0) await pause(waitMs, signal);
    else {
      yield dueMs;
      dueMs = Math.max(dueMs + intervalMs, nextAfter(now() - delayMs) - intervalMs);
    }
  }
}
