// Many result rows -> one figure a detector and data set: means over series, spread over seeds.
import { mean, standardDeviation } from '../../engine/statistics.ts';
import type { ResultRow } from './result-row.ts';

/** Fields of a row that are numbers and may be averaged. */
export type Metric = Exclude<
  { [K in keyof ResultRow]-?: number extends ResultRow[K] ? K : never }[keyof ResultRow],
  'seed' | 'rows'
>;

export interface Summary {
  /** Over seeds of the mean over series. */
  readonly mean: number;
  /** Between seeds, of the mean over series; 0 for one seed. */
  readonly sd: number;
  readonly series: number;
  readonly seeds: number;
}

/** Undefined where no row has this metric. Each seed is averaged over the series it has. */
export function summarise(rows: readonly ResultRow[], metric: Metric): Summary | undefined {
  const measured = rows.filter((row) => row[metric] !== undefined);
  const seeds = [...new Set(measured.map(({ seed }) => seed))];
  const means = seeds.map((seed) =>
    mean(measured.filter((row) => row.seed === seed).map((row) => row[metric] as number)),
  );
  if (means.length === 0) return undefined;
  const series = new Set(measured.map((row) => `${row.dataset}/${row.series}`));
  return {
    mean: mean(means),
    sd: standardDeviation(means),
    series: series.size,
    seeds: means.length,
  };
}

/** In order of appearance. */
export function distinct<K extends 'dataset' | 'series' | 'detector'>(
  rows: readonly ResultRow[],
  key: K,
): readonly string[] {
  return [...new Set(rows.map((row) => row[key]))];
}
