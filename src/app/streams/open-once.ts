import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { eachSample } from './each-sample.ts';

/**
 * One opening of a source that its readers take turns on: leaving a loop over its samples leaves the rest to the next
 * reader, so that a stream can learn from the beginning of a pipe and watch what follows. `close` ends it.
 */
export function openOnce(
  source: Source,
  signal: AbortSignal,
): { readonly source: Source; close(): Promise<void> } {
  const closed = new AbortController();
  const iterator = source.samples(AbortSignal.any([signal, closed.signal]))[Symbol.asyncIterator]();
  // an iterator without `return` is not closed when a loop over it is left
  const rest: AsyncIterable<Sample> = {
    [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }),
  };
  return {
    source: eachSample(source, () => rest),
    async close() {
      closed.abort();
      await iterator.return?.();
    },
  };
}
