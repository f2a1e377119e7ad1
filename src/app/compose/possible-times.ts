// The border of every stream: what is behind it may rely on times that a Date holds.
import type { Source } from '../../core/source.ts';
import { timeFault } from '../../core/time-units.ts';
import { createFaultCounter } from '../../io/timing/fault-counter.ts';
import { eachSample } from './each-sample.ts';

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
        else faults.count(`a reading was left out: it has the time ${sample.timeMs}, ${fault}`);
      }
    } finally {
      faults.flush();
    }
  });
}
