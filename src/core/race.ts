// Waiting with an end: for a promise, but no longer than a signal or a time limit allows.

export interface RaceLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * What `work` resolves with, or undefined after an abort or a time-out, whichever comes first. Throws what `work` rejects
 * with in time. The promise is not disturbed: it can be waited for again.
 */
export async function race<T>(
  work: Promise<T>,
  { signal, timeoutMs }: RaceLimits,
): Promise<T | undefined> {
  if (signal?.aborted) {
    work.catch(() => undefined); // nothing else waits for it
    return undefined;
  }
  let stop: () => void = () => undefined;
  const over = new Promise<undefined>((resolve) => {
    const end = (): void => resolve(undefined);
    const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
    signal?.addEventListener('abort', end, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    };
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    stop();
  }
}

/** Whether `work` was done within `timeoutMs`. Throws what it rejects with in time. */
export async function doneWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const done = work.then(() => true);
  return (await race(done, { timeoutMs })) ?? false;
}
