// The time grid of sources that poll.
import { pause } from '../timing/back-off.ts';

export interface DueOptions {
  /** Delay of each step after its time. */
  readonly delayMs?: number;
  /** The wall clock. */
  readonly now?: () => number;
}

/**
 * Yields each multiple of `intervalMs` of the wall clock when it comes, until the signal aborts. After a slow consumer,
 * missed steps are yielded once; after the clock was set back, the grid continues from there.
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
