// Result rows as text: aligned columns for a terminal, pipes for a README.
import { mean } from '../../engine/statistics.ts';
import type { ResultRow } from './result-row.ts';
import { distinct, type Metric, summarise } from './result-row.ts';

export type TableStyle = 'terminal' | 'markdown';

/** What each column shows and with how many digits. */
const COST: readonly {
  readonly title: string;
  readonly metric: Metric;
  readonly digits: number;
}[] = [
  { title: 'event recall', metric: 'eventRecall', digits: 2 },
  { title: 'false alarms/day', metric: 'falseAlarmsPerDay', digits: 2 },
  { title: 'delay s', metric: 'medianDelayS', digits: 0 },
  { title: 'F1 deployed', metric: 'f1Deployed', digits: 3 },
  { title: 'train s', metric: 'trainS', digits: 1 },
  { title: 'us/row', metric: 'usPerRow', digits: 0 },
  { title: 'RSS MB', metric: 'rssMb', digits: 0 },
  { title: 'model kB', metric: 'modelBytes', digits: 0 },
];

/** Detectors down, data sets across: mean of one metric over series, with the spread over seeds where there are several. */
export function comparison(rows: readonly ResultRow[], metric: Metric, style: TableStyle): string {
  const datasets = distinct(rows, 'dataset');
  const head = [metric, ...datasets.map((name) => `${name} (${countOf(rows, name)})`)];
  const body = distinct(rows, 'detector').map((detector) => [
    detector,
    ...datasets.map((dataset) => spread(select(rows, { dataset }), detector, metric)),
  ]);
  return aligned([head, ...body], style);
}

/**
 * Detectors by the mean over the data sets of their means over series, best first, a column for each part of the rows. Those
 * that lack a series anywhere do not compare and are left out.
 */
export function standing(
  parts: Readonly<Record<string, readonly ResultRow[]>>,
  metric: Metric,
  style: TableStyle,
): string {
  const places = Object.values(parts).map((rows) => meansOver(rows, metric));
  const [first = new Map<string, number>()] = places;
  const ranked = [...first]
    .filter(([detector]) => places.every((means) => means.has(detector)))
    .sort(([, a], [, b]) => b - a)
    .map(([detector]) => detector);
  const body = ranked.map((detector) => [
    detector,
    ...places.map((means) => shortened(means.get(detector) as number)),
  ]);
  return aligned([[metric, ...Object.keys(parts)], ...body], style);
}

/** Of each detector that has a figure for every series. */
function meansOver(rows: readonly ResultRow[], metric: Metric): ReadonlyMap<string, number> {
  const datasets = distinct(rows, 'dataset');
  const found = distinct(rows, 'detector').flatMap((detector) => {
    const means = datasets.flatMap((dataset) => {
      const summary = summarise(select(rows, { dataset, detector }), metric);
      return summary?.series === countOf(rows, dataset) ? [summary.mean] : [];
    });
    return means.length === datasets.length ? [[detector, mean(means)] as const] : [];
  });
  return new Map(found);
}

/** One data set: areas, what an operator would have seen, and what it costs. */
export function details(rows: readonly ResultRow[], dataset: string, style: TableStyle): string {
  const areas: readonly Metric[] = ['vusPr', 'vusRoc', 'aucPr', 'oracleF1', 'oraclePaF1'];
  const head = [
    dataset,
    ...areas.map((metric) => (metric === 'oraclePaF1' ? 'PA-F1 (inflated)' : metric)),
    ...COST.map(({ title }) => title),
  ];
  const all = select(rows, { dataset });
  const body = distinct(rows, 'detector').map((detector) => {
    const some = select(all, { detector });
    return [
      detector,
      ...areas.map((metric) => spread(all, detector, metric)),
      ...COST.map(({ metric, digits }) => figure(some, metric, digits)),
    ];
  });
  return aligned([head, ...body], style);
}

/** VUS-PR of each series, a column a detector. */
export function perSeries(rows: readonly ResultRow[], style: TableStyle): string {
  const detectors = distinct(rows, 'detector');
  const names = new Set(rows.map(({ dataset, series }) => `${dataset}/${series}`));
  const body = [...names].map((name) => {
    const some = rows.filter(({ dataset, series }) => `${dataset}/${series}` === name);
    return [name, ...detectors.map((detector) => spread(some, detector, 'vusPr'))];
  });
  return aligned([['vusPr', ...detectors], ...body], style);
}

function select(rows: readonly ResultRow[], wanted: Partial<ResultRow>): readonly ResultRow[] {
  return rows.filter((row) =>
    Object.entries(wanted).every(([key, value]) => row[key as keyof ResultRow] === value),
  );
}

function countOf(rows: readonly ResultRow[], dataset: string): number {
  return distinct(select(rows, { dataset }), 'series').length;
}

/**
 * The mean of one detector over the series of a data set. A mean that lacks series which other detectors have, because it
 * failed there or was not run, is marked: it does not compare.
 */
function spread(all: readonly ResultRow[], detector: string, metric: Metric): string {
  const summary = summarise(select(all, { detector }), metric);
  if (!summary) return '-';
  const measured = all.filter((row) => row[metric] !== undefined);
  const missing = distinct(measured, 'series').length - summary.series;
  const sd = summary.seeds > 1 ? ` ±${shortened(summary.sd)}` : '';
  return `${shortened(summary.mean)}${sd}${missing > 0 ? ` (${missing} missing)` : ''}`;
}

function shortened(value: number): string {
  return value.toFixed(3).replace(/^0\./, '.');
}

function figure(rows: readonly ResultRow[], metric: Metric, digits: number): string {
  const summary = summarise(rows, metric);
  if (!summary) return '-';
  return (metric === 'modelBytes' ? summary.mean / 1000 : summary.mean).toFixed(digits);
}

export function aligned(rows: readonly (readonly string[])[], style: TableStyle): string {
  const [head = [], ...body] = rows;
  if (style === 'markdown') {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [
      line(head),
      line(head.map((_, i) => (i === 0 ? '---' : '---:'))),
      ...body.map(line),
    ].join('\n');
  }
  const widths = head.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
