// What networks of a search are trained and judged on, and what is kept from it for the end.
import { statSync } from 'node:fs';
import { CalibrationError, ConfigError, SourceError } from '../../core/errors.ts';
import { rowsBetween, type Series } from '../../core/series.ts';
import { medianStep } from '../../engine/statistics.ts';
import { readSeries } from '../../io/csv/series-file.ts';
import type { CandidateData } from '../../lab/candidates/contract.ts';
import { openDataset } from '../../lab/datasets/dataset.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';

export interface SearchData {
  /** What candidates are trained and judged on. */
  readonly candidates: CandidateData;
  /** What the chosen network learns from in the end. */
  readonly train: Series;
  readonly intervalMs: number;
  /** The later half of the labelled events, which no candidate was judged on; absent without labels. */
  readonly heldOut?: LabelledSeries;
}

/**
 * `name` is a recording (.csv, .csv.gz), a data set of one series, or `<data set>/<series>`. Throws `SourceError` for what
 * is missing or broken, `ConfigError` where a series has to be named.
 */
export async function readSearchData(
  name: string,
  roots: readonly [string, string],
): Promise<SearchData> {
  if (statSync(name, { throwIfNoEntry: false })?.isFile()) {
    const series = await readSeries(name);
    const intervalMs = requireInterval(series);
    return { candidates: { kind: 'recording', series, intervalMs }, train: series, intervalMs };
  }
  const series = labelledSeries(name, roots);
  const [judged, heldOut] = halves(series);
  const { train, intervalMs } = series;
  return { candidates: { kind: 'labelled', series: judged }, train, intervalMs, heldOut };
}

function labelledSeries(name: string, roots: readonly [string, string]): LabelledSeries {
  const whole = openIfThere(name, roots);
  if (whole) {
    const [first = '', ...others] = whole.series;
    if (others.length === 0) return whole.read(first);
    throw new ConfigError(
      `${name} has ${whole.series.length} series: name one of them, e.g. ${name}/${first}`,
      { code: 'SEN_CFG_SERIES' },
    );
  }
  const at = name.lastIndexOf('/');
  return openDataset(at < 0 ? name : name.slice(0, at), ...roots).read(name.slice(at + 1));
}

function openIfThere(name: string, roots: readonly [string, string]) {
  try {
    return openDataset(name, ...roots);
  } catch (error) {
    if (error instanceof SourceError) return undefined; // perhaps its last word is a series
    throw error;
  }
}

/**
 * Cut in the middle between two events, so that each half has as many. A network that is chosen by the rows it is
 * reported on looks better than it is.
 */
function halves(series: LabelledSeries): readonly [LabelledSeries, LabelledSeries] {
  const { id, test, labels, segments } = series;
  const half = Math.ceil(segments.length / 2);
  const [before, after] = [segments[half - 1], segments[half]];
  if (!before || !after) {
    throw new CalibrationError(
      `'${id}' has ${segments.length} labelled events, a search needs 2: one to choose by, one to report on`,
      { code: 'SEN_CAL_LABELS' },
    );
  }
  const cut = Math.max(before.end, Math.floor((before.end + after.start) / 2));
  const part = (from: number, to: number): LabelledSeries => ({
    ...series,
    test: rowsBetween(test, from, to),
    labels: labels.subarray(from, to),
    segments: segments
      .filter(({ start, end }) => end > from && start < to)
      .map((segment) => ({
        ...segment,
        start: Math.max(0, segment.start - from),
        end: Math.min(to, segment.end) - from,
      })),
  });
  return [part(0, cut), part(cut, labels.length)];
}

function requireInterval({ id, timeMs }: Series): number {
  const usual = medianStep(timeMs);
  if (usual > 0) return usual;
  throw new ConfigError(
    `${id}: found ${timeMs.length} rows without a usual time between them: record longer`,
    { code: 'SEN_CFG_NO_INTERVAL' },
  );
}
