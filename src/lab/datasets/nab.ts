// Numenta Anomaly Benchmark: one channel a file, anomaly windows in one JSON file for the whole corpus.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { median } from '../../engine/statistics.ts';
import type { Layout } from './assemble.ts';
import { assemble } from './assemble.ts';
import { nameOf, readText, requireTable, subfolders, tableStems } from './files.ts';
import { columnsOf, finite, type NumericTable, readTable, timestamp } from './numeric-table.ts';

const windowsFile = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/**
 * Windows are inclusive time stamps. The probation of the official scorer, the first min(15 %, 750) rows, is what
 * may be learnt from. Rows get nominal times: the files' local times repeat and jump, and the scorer counts rows.
 */
export const nab: Layout = {
  kind: 'nab',
  summary: 'Numenta Anomaly Benchmark (NAB)',
  matches: (folder) => existsSync(labelsPath(folder)),
  list: (folder) => {
    const labelled = readWindows(folder);
    return subfolders(join(folder, 'data'))
      .flatMap((group) => tableStems(join(folder, 'data', group)).map((stem) => `${group}/${stem}`))
      .filter((name) => `${name}.csv` in labelled);
  },
  read,
};

function read(folder: string, name: string) {
  const table = readTable(requireTable(join(folder, 'data'), name), {
    header: true,
    parse: (cell, column) => (column === 0 ? timestamp(cell) : finite(cell)),
  });
  const times = columnsOf(table, [0]);
  const windows = readWindows(folder)[`${name}.csv`];
  if (!windows)
    throw new SourceError(`${labelsPath(folder)} says nothing of ${name}.csv`, {
      code: 'SEN_SRC_DATASET',
    });
  const labels = labelsOf(table, times, windows);
  const probation = Math.min(Math.floor(0.15 * table.rows), 750);
  return assemble({
    id: `${nameOf(folder)}/${name}`,
    channels: [{ id: 'value', unit: '' }],
    intervalMs: median(times.subarray(1).map((time, row) => time - (times[row] as number))),
    startMs: times[0] ?? 0,
    train: columnsOf(table, [1], 0, probation),
    test: columnsOf(table, [1], probation),
    labels: labels.subarray(probation),
  });
}

function labelsOf(
  { path, rows }: NumericTable,
  times: Float64Array,
  windows: readonly (readonly [string, string])[],
): Uint8Array {
  const labels = new Uint8Array(rows);
  for (const [from, to] of windows) {
    const start = timestamp(from);
    const end = timestamp(to);
    const first = times.findIndex((time) => start !== undefined && time >= start);
    const last = times.findLastIndex((time) => end !== undefined && time <= end);
    if (first < 0 || last < first) {
      throw new SourceError(`${path} has no row in the labelled window ${from} to ${to}`, {
        code: 'SEN_SRC_DATASET',
      });
    }
    labels.fill(1, first, last + 1);
  }
  return labels;
}

function labelsPath(folder: string): string {
  return join(folder, 'labels', 'combined_windows.json');
}

function readWindows(folder: string): z.infer<typeof windowsFile> {
  const path = labelsPath(folder);
  const text = readText(path);
  try {
    return windowsFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${path} is not a list of windows for each file: fetch the data set again`,
      { code: 'SEN_SRC_DATASET', cause },
    );
  }
}
