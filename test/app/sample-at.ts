import type { Sample } from '../../src/core/sample.ts';

/** A sample of one channel. */
export function sampleAt(timeMs: number, value = 0, streamId = 'test'): Sample {
  return { streamId, timeMs, values: Float64Array.of(value) };
}
