// Assembles the parts of a reader into a labelled series, and checks that they fit. Also the interface of a reader.
import { SourceError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import type { LabelledSegment, LabelledSeries } from '../series/labelled-series.ts';
import { segmentsOf } from '../series/segments.ts';

interface Parts {
  readonly id: string;
  readonly channels: readonly Channel[];
  readonly intervalMs: number;
  readonly startMs?: number;
  readonly train: Float64Array;
  readonly test: Float64Array;
  readonly labels: Uint8Array;
  /** Absent: one segment per run of labels. */
  readonly segments?: readonly LabelledSegment[];
}

/** Gives all rows nominal times, the test following the training. Throws `SourceError` when the parts do not fit. */
export function assemble(parts: Parts): LabelledSeries {
  const { id, channels, intervalMs, startMs = 0, labels } = parts;
  const width = channels.length;
  const series = (values: Float64Array, fromMs: number): Series => ({
    id,
    channels,
    timeMs: Float64Array.from(
      { length: values.length / width },
      (_, row) => fromMs + row * intervalMs,
    ),
    values,
  });
  const train = series(parts.train, startMs);
  const test = series(parts.test, startMs + train.timeMs.length * intervalMs);
  const segments = parts.segments ?? segmentsOf(labels);
  requireFit(id, test, labels, segments);
  return { id, train, test, labels, segments, intervalMs };
}

/** Throws `SourceError` when labels or segments do not fit the test rows and channels. */
export function requireFit(
  id: string,
  test: Series,
  labels: Uint8Array,
  segments: readonly LabelledSegment[],
): void {
  const rows = test.timeMs.length;
  if (labels.length !== rows) {
    throw new SourceError(
      `${id} has ${rows} test rows but ${labels.length} labels: one label per row is needed`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
  for (const { start, end, channels } of segments) {
    const stray = channels?.find((c) => !(c >= 0 && c < test.channels.length));
    if (start >= 0 && start < end && end <= rows && stray === undefined) continue;
    const what = stray === undefined ? `rows ${start} to ${end}` : `channel ${stray + 1}`;
    throw new SourceError(
      `${id}: a segment names ${what}, the test has ${rows} rows of ${test.channels.length} channels`,
      { code: 'SEN_SRC_DATASET' },
    );
  }
}

/** Channels without a known name: `1`, `2`, ... as the data sets count them. */
export function numbered(width: number): readonly Channel[] {
  return Array.from({ length: width }, (_, c) => ({ id: String(c + 1), unit: '' }));
}

/** Layout of a public data set in its folder. Readers are synchronous: a series is a few megabytes. */
export interface Layout {
  readonly kind: string;
  readonly summary: string;
  /** Whether the folder has this layout; checks names, and the first lines of files if names are ambiguous. */
  matches(folder: string): boolean;
  /** Names of the series, sorted. */
  list(folder: string): readonly string[];
  /** Throws `SourceError` naming file and line of missing or broken data. */
  read(folder: string, name: string): LabelledSeries;
}
