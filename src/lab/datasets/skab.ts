// Skoltech Anomaly Benchmark: a water pump, one experiment a file, one anomalous period each.
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Layout } from './assemble.ts';
import { assemble } from './assemble.ts';
import { nameOf, requireTable, subfolders, tableStems } from './files.ts';
import { columnsOf, finite, readTable, timestamp } from './numeric-table.ts';

/** The official protocol learns from the first 400 rows of each file. */
const TRAIN_ROWS = 400;

/** About one row a second; the few missing seconds are not filled, as in all published results. */
const INTERVAL_MS = 1000;

const NOT_CHANNELS = new Set(['datetime', 'anomaly', 'changepoint']);

/** Semicolons, header, UTC taken for the local time. The series `valve1/0` is the file valve1/0.csv. */
export const skab: Layout = {
  kind: 'skab',
  summary: 'Skoltech Anomaly Benchmark (SKAB)',
  matches: (folder) => experimentFolders(folder).length > 0,
  list: (folder) =>
    experimentFolders(folder).flatMap((group) =>
      tableStems(join(folder, group)).map((stem) => `${group}/${stem}`),
    ),
  read,
};

/** The folder anomaly-free has no anomalies. */
function experimentFolders(folder: string): readonly string[] {
  return subfolders(folder).filter((name) => /^(valve\d+|other)$/.test(name));
}

function read(folder: string, name: string) {
  const path = requireTable(folder, name);
  const table = readTable(path, {
    delimiter: ';',
    header: true,
    parse: (cell, column) => (column === 0 ? timestamp(cell) : finite(cell)),
  });
  const anomaly = table.header.indexOf('anomaly');
  if (anomaly < 0)
    throw new SourceError(`${path} has no column 'anomaly': only labelled files can be judged`, {
      code: 'SEN_SRC_DATASET',
    });
  if (table.rows <= TRAIN_ROWS) {
    throw new SourceError(`${path} has ${table.rows} rows, more than ${TRAIN_ROWS} are needed`, {
      code: 'SEN_SRC_DATASET',
    });
  }
  const columns = table.header.flatMap((title, index) => (NOT_CHANNELS.has(title) ? [] : [index]));
  return assemble({
    id: `${nameOf(folder)}/${name}`,
    channels: columns.map((index): Channel => ({ id: table.header[index] ?? '', unit: '' })),
    intervalMs: INTERVAL_MS,
    startMs: table.values[0] ?? 0,
    train: columnsOf(table, columns, 0, TRAIN_ROWS),
    test: columnsOf(table, columns, TRAIN_ROWS),
    labels: Uint8Array.from(columnsOf(table, [anomaly], TRAIN_ROWS)),
  });
}
