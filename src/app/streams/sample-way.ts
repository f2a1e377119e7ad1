// The way of a sample from its source to the pipeline. Three wrappers stand around a source:
//   1. `withPossibleTimes`, because all that follows relies on times that a Date holds.
//   2. `openOnce`, because a source stays open from one run of its stream to the next, and a live one is reopened.
//   3. `samplesOfRun`, because a model knows its channels, and a live source may be silent.
import { SourceError } from '../../core/errors.ts';
import { race } from '../../core/race.ts';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { timeFault } from '../../core/time-units.ts';
import { type BackOff, pause } from '../../io/timing/back-off.ts';
import { createFaultCounter } from '../../io/timing/fault-counter.ts';
import { isLearnt } from '../compose/channels.ts';

/**
 * The source without readings whose time is impossible, or in another unit than milliseconds; they are counted and
 * reported. A live reading far from the wall clock is passed on: either clock may be wrong.
 */
export function withPossibleTimes(
  source: Source,
  warn: (message: string) => void,
  now: () => number = Date.now,
): Source {
  return eachSample(source, async function* (signal) {
    const faults = createFaultCounter(warn);
    try {
      for await (const sample of source.samples(signal)) {
        const fault = timeFault(sample.timeMs, 'ms', source.live ? { nowMs: now() } : {});
        if (fault === undefined) yield sample;
        else faults.count(`a reading was left out: it has the time ${sample.timeMs}, ${fault}`);
      }
    } finally {
      faults.flush();
    }
  });
}

export interface OpenedOnce {
  readonly source: Source;
  /** Whether the source has ended: readers get no more samples. */
  ended(): boolean;
  close(): Promise<void>;
}

/** How a live source is kept: reopened after a failure, and watched for silence. */
export interface LiveCare {
  readonly backOff: BackOff;
  /** Called for each failure, before the pause. */
  readonly lost: (error: SourceError, pauseMs: number) => void;
  /** Longest wait for a sample that is not reported, milliseconds; absent = any. */
  readonly silentMs?: number;
  /** A reader has waited longer; called once for each wait. */
  readonly silent: () => void;
  /** A sample has come. */
  readonly arrived: () => void;
}

export interface OpeningOptions {
  /** For a live source. */
  readonly care?: LiveCare | undefined;
  /** Called when a reader asks for the sample after one that it got: that one is fully processed. */
  readonly passed?: () => void;
}

/**
 * One opening of a source that its readers share, one after the other. A reader that leaves its loop leaves the rest to the
 * next reader: a stream learns from the beginning of a pipe and watches what follows. A reader that is stopped ends at
 * once; the sample that it waited for goes to the next reader. Without `care`, the next reader reopens a source that has
 * failed.
 */
export function openOnce(
  source: Source,
  signal: AbortSignal,
  options: OpeningOptions = {},
): OpenedOnce {
  return new Opening(source, signal, options);
}

class Opening implements OpenedOnce {
  readonly #closed = new AbortController();
  readonly #until: AbortSignal;
  readonly #open: () => AsyncIterable<Sample>;
  readonly #options: OpeningOptions;
  readonly source: Source;
  #iterator: AsyncIterator<Sample> | undefined;
  #ended = false;
  /** What a reader waits for, or has left behind. */
  #pending: Promise<IteratorResult<Sample>> | undefined;

  constructor(source: Source, signal: AbortSignal, options: OpeningOptions) {
    const { care } = options;
    const until = AbortSignal.any([signal, this.#closed.signal]);
    this.#until = until;
    this.#open = () => (care ? reopened(source, care, until) : source.samples(until));
    this.#options = options;
    this.source = eachSample(source, (reader) => ({
      [Symbol.asyncIterator]: () => this.#readerUntil(reader),
    }));
  }

  ended(): boolean {
    return this.#ended;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#iterator?.return?.();
  }

  /** An iterator without `return`: leaving a loop over it does not close the source. */
  #readerUntil(stopped: AbortSignal): AsyncIterator<Sample> {
    let delivered = false;
    return {
      next: async () => {
        if (delivered) this.#options.passed?.();
        const result = await this.#next(stopped);
        delivered = result.done !== true;
        return result;
      },
    };
  }

  async #next(stopped: AbortSignal): Promise<IteratorResult<Sample>> {
    if (!this.#pending) {
      this.#pending = this.#take();
      this.#pending.catch(() => undefined); // its reader may have left; the next reader gets the error
    }
    const result = await race(this.#pending, { signal: stopped }).catch((error: unknown) => {
      this.#pending = undefined;
      throw error;
    });
    if (!result) return { done: true, value: undefined };
    this.#pending = undefined;
    return result;
  }

  async #take(): Promise<IteratorResult<Sample>> {
    const { care } = this.#options;
    this.#iterator ??= this.#open()[Symbol.asyncIterator]();
    try {
      const next = this.#iterator.next();
      const result = await (care ? noticed(next, care, this.#until) : next);
      this.#ended = result.done === true && !this.#until.aborted;
      return result;
    } catch (error) {
      this.#iterator = undefined;
      throw error;
    }
  }
}

/** Opens the source again after each `SourceError` and a pause, without end. A sample resets the pause. */
async function* reopened(
  source: Source,
  { backOff, lost }: LiveCare,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  while (!signal.aborted) {
    try {
      for await (const sample of source.samples(signal)) {
        backOff.reset();
        yield sample;
      }
      return;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (signal.aborted) return; // the stop has ended it
      const pauseMs = Math.round(backOff.nextMs());
      lost(error, pauseMs);
      await pause(pauseMs, signal);
    }
  }
}

/** Reports a long wait for `next`. The time that the pipeline takes for a sample is no wait. */
async function noticed(
  next: Promise<IteratorResult<Sample>>,
  { silentMs, silent, arrived }: LiveCare,
  signal: AbortSignal,
): Promise<IteratorResult<Sample>> {
  const inTime = await race(next, { signal, timeoutMs: silentMs });
  if (!inTime && !signal.aborted) silent();
  const result = inTime ?? (await next);
  if (!result.done) arrived();
  return result;
}

/** What a run does with each sample, in this order. */
export interface RunSteps {
  /** Gets the sample as the source gives it. */
  readonly arrived?: ((sample: Sample) => void) | undefined;
  /** Puts the values in the order of the channels that the model knows. */
  readonly arrange: (sample: Sample) => Sample;
  /** Gets the sample with all these channels, e.g. to keep it for the next training. */
  readonly keep?: ((sample: Sample) => void) | undefined;
  /** C, channels that the model watches: the first of those that it knows. */
  readonly width: number;
  /** Gets the sample with the watched channels. */
  readonly gather: (sample: Sample) => void;
  /** For a live source: when its silence is passed on. */
  readonly silence?: Silence | undefined;
  /** Called before the pipeline gets a sample, also one that stands for silence. */
  readonly taken?: ((timeMs: number) => void) | undefined;
}

interface Silence {
  /** From a sample to the first that stands for silence, and from that to the next, milliseconds. */
  readonly afterMs: number;
  readonly everyMs: number;
}

/**
 * The samples of one run of a stream, as its model watches them. While a live source is silent, samples without readings
 * are added, with times that continue those of the source, so that the health check sees the silence.
 */
export function samplesOfRun(source: Source, streamId: string, steps: RunSteps): Source {
  const { arrived, arrange, keep, width, gather, silence, taken } = steps;
  return eachSample(source, async function* (signal) {
    const clock = createClock();
    const samples = silence ? withSilences(source, silence, signal) : source.samples(signal);
    for await (const sample of samples) {
      if (sample) {
        arrived?.(sample);
        const known = arrange(sample);
        keep?.(known);
        const watched =
          known.values.length === width
            ? known
            : { ...known, values: known.values.subarray(0, width) };
        gather(watched);
        clock.set(sample.timeMs);
        taken?.(sample.timeMs);
        yield watched;
      } else {
        const timeMs = clock.nowMs();
        taken?.(timeMs);
        yield { streamId, timeMs, values: new Float64Array(width).fill(Number.NaN) };
      }
    }
  });
}

/** The samples, and undefined for each time at which the source is silent. */
async function* withSilences(
  source: Source,
  { afterMs, everyMs }: Silence,
  signal: AbortSignal,
): AsyncGenerator<Sample | undefined> {
  const ended = new AbortController();
  const iterator = source.samples(AbortSignal.any([signal, ended.signal]))[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    let timeoutMs = afterMs;
    for (;;) {
      const result = await race(next, { signal, timeoutMs });
      if (signal.aborted || result?.done) return;
      yield result?.value;
      if (result) next = iterator.next();
      timeoutMs = result ? afterMs : everyMs;
    }
  } finally {
    ended.abort(); // a source that waits for data would never answer `return`
    await iterator.return?.();
  }
}

/** Continues the times of the source: a device with a wrong clock stays consistent with itself. */
function createClock() {
  let offsetMs: number | undefined;
  return {
    set(timeMs: number): void {
      offsetMs = timeMs - performance.now();
    },
    nowMs(): number {
      return offsetMs === undefined ? Date.now() : Math.round(offsetMs + performance.now());
    },
  };
}

/** A source that differs from `source` only in its samples. Its channels are read late: they may be known only later. */
function eachSample(source: Source, samples: Source['samples']): Source {
  const { id, live, measuresHost, explain } = source;
  return {
    ...{ id, live, samples },
    ...(measuresHost && { measuresHost }),
    isLearnt: (channel) => isLearnt(source, channel),
    ...(explain && { explain: (channels) => source.explain?.(channels) ?? {} }),
    get channels() {
      return source.channels;
    },
  };
}
