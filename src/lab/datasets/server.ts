// SMD and ASD: one file per server in train/, test/, test_label/ and interpretation_label/. They differ in how the
// rows of an interpretation are meant, which neither set says; it was found by comparison with the labels.
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import type { LabelledSegment } from '../series/labelled-series.ts';
import type { Layout } from './assemble.ts';
import { assemble, numbered } from './assemble.ts';
import { findTable, nameOf, readText, requireTable, tableStems } from './files.ts';
import { readTable } from './numeric-table.ts';

const MINUTE_MS = 60_000;

interface Convention {
  readonly prefix: RegExp;
  readonly intervalMs: number;
  /** Whether the last row named by an interpretation belongs to it. */
  readonly endInside: boolean;
}

/** Server Machine Dataset: 38 metrics, a row a minute, interpretations [start, end), dimensions counted from 1. */
export const smd: Layout = layoutOf('smd', 'Server Machine Dataset (OmniAnomaly)', {
  prefix: /^machine-/,
  intervalMs: MINUTE_MS,
  endInside: false,
});

/** Application Server Dataset: 19 metrics, a row in five minutes, interpretations [start, end], dimensions from 1. */
export const asd: Layout = layoutOf('asd', 'Application Server Dataset (InterFusion)', {
  prefix: /^omi-/,
  intervalMs: 5 * MINUTE_MS,
  endInside: true,
});

function layoutOf(kind: string, summary: string, convention: Convention): Layout {
  const list = (folder: string): readonly string[] =>
    tableStems(join(folder, 'test')).filter((stem) => convention.prefix.test(stem));
  return {
    kind,
    summary,
    list,
    matches: (folder) => list(folder).length > 0,
    read: (folder, name) => read(folder, name, convention),
  };
}

function read(folder: string, name: string, { intervalMs, endInside }: Convention) {
  const id = `${nameOf(folder)}/${name}`;
  const train = readTable(requireTable(join(folder, 'train'), name));
  const test = readTable(requireTable(join(folder, 'test'), name));
  if (train.width !== test.width) {
    throw new SourceError(
      `${test.path} has ${test.width} columns, ${train.path} has ${train.width}`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
  const labels = readTable(requireTable(join(folder, 'test_label'), name));
  const path = findTable(join(folder, 'interpretation_label'), name);
  return assemble({
    id,
    channels: numbered(test.width),
    intervalMs,
    train: train.values,
    test: test.values,
    labels: Uint8Array.from(labels.values),
    ...(path ? { segments: readSegments(path, endInside, kindsOf(folder, name)) } : {}),
  });
}

function readSegments(
  path: string,
  endInside: boolean,
  kinds: ReadonlyMap<string, string>,
): readonly LabelledSegment[] {
  const lines = readText(path).split(/\r?\n/);
  const segments = lines.flatMap((line, index): LabelledSegment[] => {
    if (line.trim() === '') return [];
    const [rows = '', channels = ''] = line.trim().split(':');
    const [start, end] = rows.split('-').map(Number);
    const guilty = channels.split(',').map((dimension) => Number(dimension) - 1);
    if (
      ![start, end, ...guilty].every(Number.isInteger) ||
      start === undefined ||
      end === undefined
    ) {
      throw new SourceError(`${path} line ${index + 1}: '${line}' is not start-end:dimensions`, {
        code: 'SEN_SRC_DATASET',
      });
    }
    const kind = kinds.get(rows);
    return [{ start, end: endInside ? end + 1 : end, channels: guilty, ...(kind ? { kind } : {}) }];
  });
  return segments.sort((a, b) => a.start - b.start);
}

/** ASD says of which kind a segment is: lines entity,start-end,kind. */
function kindsOf(folder: string, name: string): ReadonlyMap<string, string> {
  const path = findTable(folder, 'anomaly_type');
  if (!path) return new Map();
  const lines = readText(path)
    .split(/\r?\n/)
    .map((line) => line.split(','));
  return new Map(
    lines.filter(([entity]) => entity === name).map(([, rows, kind]) => [rows ?? '', kind ?? '']),
  );
}
