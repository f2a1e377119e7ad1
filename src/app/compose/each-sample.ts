// Sources that differ from another only in their samples, e.g. without those of impossible times.
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { timeFault } from '../../core/time-units.ts';
import { createFaultCounter } from '../../io/timing/fault-counter.ts';

/** A source that differs from `source` only in its samples. Its channels stay live: they may be known only later. */
export function eachSample(
  source: Source,
  samples: (signal: AbortSignal) => AsyncIterable<Sample>,
): Source {
  return {
    id: source.id,
    live: source.live,
    get channels() {
      return source.channels;
    },
    samples,
  };
}

/**
 * The source without readings of a time that cannot be, or that is in another unit than milliseconds; they are counted
 * and reported. A live reading far from the wall clock is passed on: the clock that is wrong may be either.
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
        else faults.count(`left out a reading with the time ${sample.timeMs}, ${fault}`);
      }
    } finally {
      faults.flush();
    }
  });
}
