// Alerts counted by their opening rows, as a table: recall, false alarms, and the share of the best that the scores allow.
import { mean, standardDeviation } from '../../engine/statistics.ts';
import type { ResultRow } from './result-row.ts';
import { distinct } from './result-row.ts';
import { aligned, type TableStyle } from './result-table.ts';

/** The alerts of one detector over all series of a data set, one seed. */
export interface OpeningFigures {
  readonly recall: number;
  /** Undefined = no alert was raised. */
  readonly precision: number | undefined;
  readonly falseAlarms: number;
  readonly days: number;
  /** Caught events divided by those that the best constant level of each series catches; undefined if that is 0. */
  readonly ofBound: number | undefined;
  /** 100 = each window detected at once, 0 = silence. */
  readonly nab: number;
}

/** Sums over the series of one seed, so that each event weighs the same. undefined where nothing was deployed. */
export function openingFigures(rows: readonly ResultRow[]): OpeningFigures | undefined {
  const deployed = rows.filter(({ openingEvents }) => openingEvents !== undefined);
  const sum = (field: 'openingEvents' | 'openingsCaught' | 'openingsFalse' | 'hindsightCaught') =>
    deployed.reduce((total, row) => total + (row[field] ?? 0), 0);
  const events = sum('openingEvents');
  if (events === 0) return undefined;
  const [caught, falseAlarms, bound] = [
    sum('openingsCaught'),
    sum('openingsFalse'),
    sum('hindsightCaught'),
  ];
  const raw = deployed.reduce((total, row) => total + (row.nabOpenings ?? 0), 0);
  return {
    recall: caught / events,
    precision: caught + falseAlarms > 0 ? caught / (caught + falseAlarms) : undefined,
    falseAlarms,
    days: deployed.reduce((total, row) => total + (row.days ?? 0), 0),
    ofBound: bound > 0 ? caught / bound : undefined,
    // A perfect score is as far above silence as silence is below it: each window +1 or -1.
    nab: (100 * (raw + events)) / (2 * events),
  };
}

const COLUMNS = ['recall', 'false a day', 'precision', 'of the bound', 'NAB'] as const;

/**
 * One data set, a row a detector; `3 in all` where a set has less than a day of rows. Means over seeds, ± their spread.
 * undefined where no row has such figures, e.g. of results from before they were counted.
 */
export function openingTable(
  rows: readonly ResultRow[],
  dataset: string,
  style: TableStyle,
): string | undefined {
  const counted = rows.some((row) => row.dataset === dataset && row.openingEvents !== undefined);
  if (!counted) return undefined;
  const body = distinct(rows, 'detector').map((detector) => {
    const some = rows.filter((row) => row.dataset === dataset && row.detector === detector);
    const seeds = [...new Set(some.map(({ seed }) => seed))];
    const figures = seeds.flatMap((seed) => {
      const found = openingFigures(some.filter((row) => row.seed === seed));
      return found ? [found] : [];
    });
    return [detector, ...cellsOf(figures)];
  });
  return aligned([[`${dataset}, alerts by opening`, ...COLUMNS], ...body], style);
}

function cellsOf(figures: readonly OpeningFigures[]): readonly string[] {
  const days = figures[0]?.days ?? 0;
  const rate = ({ falseAlarms }: OpeningFigures): number =>
    days < 1 ? falseAlarms : falseAlarms / days;
  const falseAlarms = spread(figures.map(rate), days < 1 ? 1 : 2);
  return [
    spread(
      figures.map(({ recall }) => recall),
      2,
    ),
    days > 0 && days < 1 ? `${falseAlarms} in all` : falseAlarms,
    spread(
      figures.map(({ precision }) => precision),
      2,
    ),
    spread(
      figures.map(({ ofBound }) => ofBound),
      2,
    ),
    spread(
      figures.map(({ nab }) => nab),
      1,
    ),
  ];
}

function spread(values: readonly (number | undefined)[], digits: number): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return '-';
  const text = mean(known).toFixed(digits);
  return known.length > 1 ? `${text} ±${standardDeviation(known).toFixed(digits)}` : text;
}
