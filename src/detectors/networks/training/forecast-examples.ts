// Training examples and loss of a forecast: rows of a series, and the rows that follow them.
//
// Notation   B batch, T rows seen, n rows forecast, C channels; input (B, T, C), target (B, n, C)

import { huberLoss, meanSquaredError } from '../../../engine/ops/losses.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import { InstanceNorm } from '../../normalisation.ts';
import { type WindowTable, windowAt } from '../../scoring/training/window-table.ts';
import type { ExampleSet } from '../../training/fit/contract.ts';
import type { ForecastDesign } from '../forecast.ts';

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

/** Errors larger than this count linearly. Unit: that of the normalised rows. */
const HUBER_DELTA = 1;

/** The training loss of a forecast. */
export function forecastLoss(
  tape: Tape,
  output: Tensor,
  target: Tensor,
  kind: 'huber' | 'squared',
): Tensor {
  switch (kind) {
    case 'huber':
      return huberLoss(tape, output, target, HUBER_DELTA);
    case 'squared':
      return meanSquaredError(tape, output, target);
  }
}
