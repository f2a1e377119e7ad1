import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';

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
