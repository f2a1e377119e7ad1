import { race } from '../../core/race.ts';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { eachSample } from '../compose/each-sample.ts';

export interface OpenedOnce {
  readonly source: Source;
  /** Whether the source came to its end: whoever reads on gets nothing. */
  ended(): boolean;
  close(): Promise<void>;
}

/**
 * One opening of a source that its readers take turns on: leaving a loop over its samples leaves the rest to the next
 * reader, so that a stream can learn from the beginning of a pipe and watch what follows. A reader that is told to stop
 * does so at once; the sample it waited for is the next reader's. A source that failed is opened again by the next one.
 */
export function openOnce(source: Source, signal: AbortSignal): OpenedOnce {
  const closed = new AbortController();
  const until = AbortSignal.any([signal, closed.signal]);
  let iterator: AsyncIterator<Sample> | undefined;
  let ended = false;
  let pending: Promise<IteratorResult<Sample>> | undefined;
  const take = async (): Promise<IteratorResult<Sample>> => {
    iterator ??= source.samples(until)[Symbol.asyncIterator]();
    try {
      const result = await iterator.next();
      ended = result.done === true && !until.aborted;
      return result;
    } catch (error) {
      iterator = undefined;
      throw error;
    }
  };
  const next = async (reader: AbortSignal): Promise<IteratorResult<Sample>> => {
    if (!pending) {
      pending = take();
      pending.catch(() => undefined); // its reader may have left; the next one hears of it
    }
    const result = await race(pending, { signal: reader }).catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    if (!result) return { done: true, value: undefined };
    pending = undefined;
    return result;
  };
  return {
    // an iterator without `return` is not closed when a loop over it is left
    source: eachSample(source, (reader) => ({
      [Symbol.asyncIterator]: () => ({ next: () => next(reader) }),
    })),
    ended: () => ended,
    async close() {
      closed.abort();
      await iterator?.return?.();
    },
  };
}
