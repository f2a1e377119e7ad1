// The recording that `train` and `compress` read alike.
import type { Series } from '../../core/series.ts';
import { readSeries } from '../../io/csv/series-file.ts';
import { createFaultCounter } from '../../io/timing/fault-counter.ts';

interface ReadOptions {
  readonly ignore?: readonly string[];
  readonly skipBadRows?: true;
}

/** What is left out, and what is odd about a row, goes to standard error. */
export async function readRecording(
  path: string,
  { ignore = [], skipBadRows }: ReadOptions,
): Promise<Series> {
  const faults = createFaultCounter((line) => void process.stderr.write(`sentigon: ${line}\n`));
  const onBadRow = skipBadRows ? 'skip' : 'fail';
  const series = await readSeries(path, { ignoreColumns: [...ignore], onBadRow }, faults.count);
  faults.finish(path);
  return series;
}
