// This project's own recordings: train, test, and labels written by whatever injected the faults.
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { timeFault } from '../../core/time-units.ts';
import { median } from '../../engine/statistics.ts';
import type { LabelledSegment, LabelledSeries } from '../series/labelled-series.ts';
import { labelsOf } from '../series/segments.ts';
import type { Layout } from './assemble.ts';
import { requireFit } from './assemble.ts';
import { findTable, nameOf, readText, requireTable, subfolders } from './files.ts';
import { columnsOf, finite, readTable } from './numeric-table.ts';

const PARTS = ['train', 'test', 'labels'];
const LABELS = /^start,end\b/;

/**
 * `train` and `test` with a header `time,<channel>[unit],...`, time in Unix milliseconds, an empty cell no reading;
 * `labels` with lines `start,end,kind,channels`: a fault from start on until before end, channels separated by spaces.
 * The folder is one series of its own name, or holds such folders, each a series. Channels that the recording lacks are
 * left out of the labels.
 */
export const recording: Layout = {
  kind: 'recording',
  summary: 'recordings made with sentigon record',
  matches: (folder) => list(folder).length > 0,
  list,
  read: (folder, name) =>
    isRecording(folder)
      ? read(folder, nameOf(folder))
      : read(join(folder, name), `${nameOf(folder)}/${name}`),
};

function list(folder: string): readonly string[] {
  if (isRecording(folder)) return [nameOf(folder)];
  return subfolders(folder).filter((name) => isRecording(join(folder, name)));
}

/** By the head of the labels: the data sets of the published GON have files of the same names. */
export function isRecording(folder: string): boolean {
  const [train, test, labels] = PARTS.map((part) => findTable(folder, part));
  return (
    train !== undefined &&
    test !== undefined &&
    labels !== undefined &&
    LABELS.test(readText(labels))
  );
}

function read(folder: string, id: string): LabelledSeries {
  const train = readSeries(requireTable(folder, 'train'), id);
  const test = readSeries(requireTable(folder, 'test'), id);
  const names = ({ channels }: Series): string => channels.map((channel) => channel.id).join(', ');
  if (names(train) !== names(test)) {
    throw new SourceError(
      `${folder}: train has the channels ${names(train)}, test ${names(test)}`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
  const segments = readFaults(requireTable(folder, 'labels'), test);
  const labels = labelsOf(segments, test.timeMs.length);
  requireFit(id, test, labels, segments);
  const steps = test.timeMs.subarray(1).map((time, row) => time - (test.timeMs[row] as number));
  return { id, train, test, labels, segments, intervalMs: median(steps) };
}

function readSeries(path: string, id: string): Series {
  const table = readTable(path, {
    header: true,
    parse: (cell, column) => (column > 0 && cell.trim() === '' ? Number.NaN : finite(cell)),
  });
  if (table.header[0] !== 'time' || table.width < 2 || table.rows < 2) {
    throw new SourceError(
      `${path} line 1: expected time,<channel>[unit],... and at least two rows`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
  const timeMs = columnsOf(table, [0]);
  const back = timeMs.findIndex((time, row) => row > 0 && time < (timeMs[row - 1] as number));
  if (back >= 0) {
    throw new SourceError(
      `${path} line ${back + 2} is earlier than the row before it: sort the file by time`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
  timeMs.forEach((time, row) => {
    const fault = timeFault(time, 'ms');
    if (fault)
      throw new SourceError(`${path} line ${row + 2} has the time ${time}, ${fault}`, {
        code: 'SEN_SRC_DATASET',
      });
  });
  const columns = table.header.slice(1).map((_, index) => index + 1);
  const channels = table.header.slice(1).map(channelOf);
  return { id, channels, timeMs, values: columnsOf(table, columns) };
}

/** `cpu.user[%]` */
function channelOf(title: string): Channel {
  const match = /^(.*?)\[([^[\]]*)\]$/.exec(title.trim());
  return { id: match?.[1] ?? title.trim(), unit: match?.[2] ?? '' };
}

function readFaults(path: string, { timeMs, channels }: Series): readonly LabelledSegment[] {
  const rowAt = (time: number): number => {
    const row = timeMs.findIndex((other) => other >= time);
    return row < 0 ? timeMs.length : row;
  };
  const lines = readText(path).trim().split(/\r?\n/).slice(1);
  const faults = lines.map((line, index): LabelledSegment => {
    const [from = '', to = '', kind = '', guilty = ''] = line.split(',');
    const startMs = finite(from);
    const endMs = finite(to);
    if (startMs === undefined || endMs === undefined || startMs >= endMs) {
      throw new SourceError(`${path} line ${index + 2}: '${line}' is not start,end,kind,channels`, {
        code: 'SEN_SRC_DATASET',
      });
    }
    const ids = guilty.trim().split(/[\s;|]+/);
    const indices = channels.flatMap(({ id }, channel) => (ids.includes(id) ? [channel] : []));
    return { start: rowAt(startMs), end: rowAt(endMs), kind, channels: indices };
  });
  // A fault outside the recorded rows cannot be found and is not counted as missed.
  return faults.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start);
}
