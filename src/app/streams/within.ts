/**
 * The promise's value, or undefined after an abort or, where there is one, the time limit. The promise is not disturbed:
 * it can be waited for again.
 */
export async function within<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let stop: () => void = () => undefined;
  const over = new Promise<undefined>((resolve) => {
    const end = (): void => resolve(undefined);
    const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    stop();
  }
}
