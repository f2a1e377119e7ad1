/** Lets the event loop run and stops an aborted training, at most once in this many milliseconds. */
const PAUSE_EVERY_MS = 25;

/**
 * Call it in every step of long work. Throws the signal's reason once it is aborted. Time decides only when to pause,
 * never what is computed.
 */
export function eventLoopPause(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE_EVERY_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal.throwIfAborted();
    last = performance.now();
  };
}
