// Which channels are blamed, as a table: by the shares of the scores, by what an alert would say in each row of an event, and by
// what the alerts said that opened in one.
import type { Metric, ResultRow } from './result-row.ts';
import { distinct, summarise } from './result-row.ts';
import { aligned, type TableStyle } from './result-table.ts';

const COLUMNS: readonly (readonly [title: string, metric: Metric])[] = [
  ['Hit@1 of scores', 'hit1'],
  ['Hit@3', 'hit3'],
  ['Hit@100%', 'hit100'],
  ['NDCG', 'ndcg100'],
  ['Hit@1 of blame', 'blameHit1'],
  ['Hit@3', 'blameHit3'],
  ['Hit@100%', 'blameHit100'],
  ['NDCG', 'blameNdcg100'],
  ['Hit@1 of alerts', 'alertHit1'],
  ['Hit@3', 'alertHit3'],
  ['Hit@100%', 'alertHit100'],
  ['NDCG', 'alertNdcg100'],
];

/** Means over the series of a data set; undefined where it explains no anomaly. */
export function blameTable(
  rows: readonly ResultRow[],
  dataset: string,
  style: TableStyle,
): string | undefined {
  const explained = rows.filter((row) => row.dataset === dataset && row.hit1 !== undefined);
  if (explained.length === 0) return undefined;
  const body = distinct(explained, 'detector').map((detector) => {
    const some = explained.filter((row) => row.detector === detector);
    return [detector, ...COLUMNS.map(([, metric]) => figure(some, metric))];
  });
  return aligned([[`${dataset}, blame`, ...COLUMNS.map(([title]) => title)], ...body], style);
}

function figure(rows: readonly ResultRow[], metric: Metric): string {
  return summarise(rows, metric)?.mean.toFixed(2).replace(/^0\./, '.') ?? '-';
}
