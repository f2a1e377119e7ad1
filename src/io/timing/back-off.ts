// Pauses between attempts.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting times that double from `firstMs` to `longestMs`, spread over their upper half so that a fleet does not reconnect at once. */
export interface BackOff {
  nextMs(): number;
  reset(): void;
}

export function createBackOff(
  firstMs: number,
  longestMs: number,
  random: () => number = Math.random,
): BackOff {
  let failures = 0;
  return {
    nextMs() {
      const fullMs = Math.min(longestMs, firstMs * 2 ** failures);
      if (fullMs < longestMs) failures += 1;
      return fullMs * (0.5 + random() / 2);
    },
    reset() {
      failures = 0;
    },
  };
}

/** Resolves after `waitMs`, or as soon as the signal aborts. */
export async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
