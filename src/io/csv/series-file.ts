import { basename } from 'node:path';
import type { Series } from '../../core/series.ts';
import { type CsvRow, openCsv } from './file.ts';
import type { CsvFormat } from './format.ts';

/**
 * Reads a whole .csv or .csv.gz file into memory, for training and evaluation.
 * Throws `SourceError` naming file and line, as `openCsv` does.
 */
export async function readSeries(
  path: string,
  options: Partial<CsvFormat> = {},
  onFault: (message: string) => void = () => undefined,
): Promise<Series> {
  const file = openCsv(path, options, onFault);
  const rows = growingRows(file.channels.length);
  for await (const batch of file.rows()) {
    for (const row of batch) rows.push(row);
  }
  const id = basename(path).replace(/\.csv(\.gz)?$/, '');
  return { id, channels: file.channels, ...rows.take() };
}

/** Typed arrays that double when full: half the memory of an array of rows, and no copy per row. */
function growingRows(width: number) {
  let timeMs = new Float64Array(1024);
  let values = new Float64Array(1024 * width);
  let length = 0;
  return {
    push(row: CsvRow): void {
      if (length === timeMs.length) {
        timeMs = doubled(timeMs);
        values = doubled(values);
      }
      timeMs[length] = row.timeMs;
      values.set(row.values, length * width);
      length += 1;
    },
    take: (): Pick<Series, 'timeMs' | 'values'> => ({
      timeMs: timeMs.slice(0, length),
      values: values.slice(0, length * width),
    }),
  };
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
