// The four identifiable data sets of the published GON repository: train, test and a label for each cell.
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import type { LabelledSegment } from '../series/labelled-series.ts';
import { segmentsOf } from '../series/segments.ts';
import type { Layout } from './assemble.ts';
import { assemble, numbered } from './assemble.ts';
import { findTable, nameOf, requireTable, subfolders } from './files.ts';
import { type NumericTable, readTable } from './numeric-table.ts';
import { isRecording } from './recording.ts';

/** SMD has a row a minute; the rates of the others are unknown. */
const INTERVAL_MS = 60_000;

/** A cell above this is anomalous, as in the published program. */
const LABELLED = 0.1;

/**
 * A row is anomalous when any of its cells is. Parts of SMD have their labels one row early, a slip of the program that
 * made them: they are moved back.
 */
export const gonOfficial: Layout = {
  kind: 'gon-official',
  summary: 'data sets of the published GON repository',
  matches: (folder) => list(folder).length > 0,
  list,
  read,
};

function list(folder: string): readonly string[] {
  return subfolders(folder).filter((name) => {
    const series = join(folder, name);
    const whole = ['train', 'test', 'labels'].every((part) => findTable(series, part));
    return whole && !isRecording(series);
  });
}

function read(folder: string, name: string) {
  const parts = join(folder, name);
  const train = readTable(requireTable(parts, 'train'));
  const test = readTable(requireTable(parts, 'test'));
  const cells = readTable(requireTable(parts, 'labels'));
  if (train.width !== test.width || cells.width !== test.width) {
    throw new SourceError(
      `${parts} has ${train.width} columns to train, ${test.width} to test and ${cells.width} of labels`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
  const late = name.startsWith('smd-') ? 1 : 0;
  const labels = new Uint8Array(cells.rows);
  for (let row = late; row < cells.rows; row++) {
    labels[row] = guiltyIn(cells, row - late).length > 0 ? 1 : 0;
  }
  return assemble({
    id: `${nameOf(folder)}/${name}`,
    channels: numbered(test.width),
    intervalMs: INTERVAL_MS,
    train: train.values,
    test: test.values,
    labels,
    segments: segmentsOf(labels).map((run) => explained(cells, run, late)),
  });
}

function explained(cells: NumericTable, run: LabelledSegment, late: number): LabelledSegment {
  const guilty = new Set<number>();
  for (let row = run.start; row < run.end; row++) {
    for (const channel of guiltyIn(cells, row - late)) guilty.add(channel);
  }
  return { ...run, channels: [...guilty].sort((a, b) => a - b) };
}

function guiltyIn({ values, width }: NumericTable, row: number): readonly number[] {
  const cells = values.subarray(row * width, (row + 1) * width);
  return Array.from(cells).flatMap((cell, channel) => (cell > LABELLED ? [channel] : []));
}
