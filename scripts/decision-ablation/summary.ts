// What the variants come to on each data set and over all of them.
import { mean } from '../../src/engine/statistics.ts';
import { type OpeningFigures, openingFigures } from '../../src/lab/evaluation/opening-table.ts';
import type { ResultRow } from '../../src/lab/evaluation/result-row.ts';
import { distinct } from '../../src/lab/evaluation/result-row.ts';
import { aligned } from '../../src/lab/evaluation/result-table.ts';

export interface VariantFigures extends OpeningFigures {
  readonly variant: string;
  readonly dataset: string;
  readonly seed: number;
}

/** By variant, data set and seed. */
export function figuresOf(rows: readonly ResultRow[]): readonly VariantFigures[] {
  const seeds = [...new Set(rows.map(({ seed }) => seed))];
  return distinct(rows, 'detector').flatMap((variant) =>
    distinct(rows, 'dataset').flatMap((dataset) =>
      seeds.flatMap((seed) => {
        const some = rows.filter(
          (row) => row.detector === variant && row.dataset === dataset && row.seed === seed,
        );
        const figures = openingFigures(some);
        return figures ? [{ variant, dataset, seed, ...figures }] : [];
      }),
    ),
  );
}

/** A set of less than a day has no rate. */
const isLong = ({ days }: OpeningFigures): boolean => days >= 1;

const short = (value: number): string => value.toFixed(2).replace(/^0\./, '.');

/**
 * A row a variant, a column a set: recall, and false alarms a day (in all, where a set has less than a day). The first
 * columns are over the sets: each set counts alike.
 */
export function overview(figures: readonly VariantFigures[]): string {
  const datasets = [...new Set(figures.map(({ dataset }) => dataset))];
  const variants = [...new Set(figures.map(({ variant }) => variant))];
  const head = ['', 'recall', 'of the bound', 'false a day', ...datasets];
  const body = variants.map((name) => {
    const own = figures.filter(({ variant }) => variant === name);
    const rates = own.filter(isLong).map(rateOf);
    return [
      name,
      short(mean(own.map(({ recall }) => recall))),
      short(mean(own.flatMap(({ ofBound }) => ofBound ?? []))),
      rates.length > 0 ? short(mean(rates)) : '-',
      ...datasets.map((dataset) => cellOf(own.filter((each) => each.dataset === dataset))),
    ];
  });
  return aligned([head, ...body], 'markdown');
}

/** False alarms a day, in all where there is no rate. */
function rateOf(figures: OpeningFigures): number {
  return isLong(figures) ? figures.falseAlarms / figures.days : figures.falseAlarms;
}

function cellOf(figures: readonly VariantFigures[]): string {
  const [first] = figures;
  if (!first) return '-';
  const rate = mean(figures.map(rateOf));
  const told = isLong(first) ? short(rate) : `${Number(rate.toFixed(1))} in all`;
  return `${short(mean(figures.map(({ recall }) => recall)))}, ${told}`;
}
