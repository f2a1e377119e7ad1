import type { Sample } from '../../src/core/sample.ts';
import type { Source } from '../../src/core/source.ts';

/** All samples of a source that ends, or the first `count` of one that does not. */
export async function collect(source: Source, count = Infinity): Promise<Sample[]> {
  const stop = new AbortController();
  const samples: Sample[] = [];
  for await (const sample of source.samples(stop.signal)) {
    samples.push(sample);
    if (samples.length >= count) stop.abort();
  }
  return samples;
}
