import type { Source } from '../../core/source.ts';
import type { RowRing } from '../../io/rows/row-ring.ts';
import { eachSample } from './each-sample.ts';

/** The source, whose rows are kept as they pass, but for those of a clock that cannot be relied on. */
export function keepRows(source: Source, rows: RowRing, clockIsSet: () => boolean): Source {
  return eachSample(source, async function* (signal) {
    for await (const sample of source.samples(signal)) {
      if (clockIsSet()) rows.add(sample.timeMs, sample.values);
      yield sample;
    }
  });
}
