// TSB-AD: one CSV a series, labels in the last column, the training length in the file's name.
import { SourceError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Layout } from './assemble.ts';
import { assemble } from './assemble.ts';
import { nameOf, requireTable, tableStems } from './files.ts';
import { columnsOf, readTable } from './numeric-table.ts';

/** TSB-AD has no times; its metrics count rows. */
const INTERVAL_MS = 60_000;

const TRAIN_ROWS = /_tr_(\d+)_1st_\d+$/;

/** `..._tr_<n>_1st_<k>.csv`: rows [0, n) may be learnt from; TSB-AD itself scores the whole file, this reader the rest. */
export const tsbAd: Layout = {
  kind: 'tsb-ad',
  summary: 'series of TSB-AD (U and M)',
  matches: (folder) => list(folder).length > 0,
  list,
  read,
};

function list(folder: string): readonly string[] {
  return tableStems(folder).filter((stem) => TRAIN_ROWS.test(stem));
}

function read(folder: string, name: string) {
  const path = requireTable(folder, name);
  const table = readTable(path, { header: true });
  const trainRows = Number(TRAIN_ROWS.exec(name)?.[1]);
  const last = table.width - 1;
  if (table.header[last]?.trim() !== 'Label') {
    throw new SourceError(`${path}: the last column is '${table.header[last]}', expected 'Label'`, {
      code: 'SEN_SRC_DATASET',
    });
  }
  if (!(trainRows > 0 && trainRows < table.rows)) {
    throw new SourceError(`${path}: the name gives ${trainRows} training rows of ${table.rows}`, {
      code: 'SEN_SRC_DATASET',
    });
  }
  const columns = table.header.slice(0, last).map((_, index) => index);
  return assemble({
    id: `${nameOf(folder)}/${name}`,
    channels: columns.map((index): Channel => ({ id: table.header[index] ?? '', unit: '' })),
    intervalMs: INTERVAL_MS,
    train: columnsOf(table, columns, 0, trainRows),
    test: columnsOf(table, columns, trainRows),
    labels: Uint8Array.from(columnsOf(table, [last], trainRows)),
  });
}
