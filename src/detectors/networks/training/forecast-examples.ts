// Rows of a series and those that follow them: what a forecast learns from.
//
// Notation   B batch, T rows seen, n rows forecast, C channels; input (B, T, C), target (B, n, C)

import { InstanceNorm } from '../../instance-norm.ts';
import { type WindowTable, windowAt } from '../../scoring/training/window-table.ts';
import type { ExampleSet } from '../../training/fit/contract.ts';
import type { ForecastDesign } from '../forecast-design.ts';

/** The windows of the table have T + n rows. */
export function forecastExamples(
  table: WindowTable,
  { rows, normalisation }: Pick<ForecastDesign, 'rows' | 'normalisation'>,
): ExampleSet['fill'] {
  const { length, width } = table;
  const seen = rows * width;
  const norm = new InstanceNorm(normalisation, width);
  const x = new Float32Array(length * width);
  return (places, [input, target]) => {
    for (const [b, place] of places.entries()) {
      x.set(windowAt(table, place));
      norm.apply(x, rows);
      input?.set(x.subarray(0, seen), b * seen);
      target?.set(x.subarray(seen), b * (x.length - seen));
    }
  };
}
