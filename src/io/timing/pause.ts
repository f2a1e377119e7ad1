import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `waitMs`, or as soon as the signal aborts. */
export async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
