/**
 * Calls `read` now, then again and again so many milliseconds after it has answered, and once more when the function that
 * is returned is called. That rejects with what `read` threw, after which it is not called again.
 */
export function polled(read: () => Promise<void> | void, everyMs: number): () => Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    if (failure) return;
    try {
      await read();
    } catch (error) {
      failure = { error };
    }
  };
  const round = async (): Promise<void> => {
    await attempt();
    if (!stopped && !failure) {
      timer = setTimeout(() => {
        running = round();
      }, everyMs);
    }
  };
  let running = round();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
    await attempt();
    if (failure) throw failure.error;
  };
}
