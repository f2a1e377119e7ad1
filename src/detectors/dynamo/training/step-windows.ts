// The windows that heads learn from: T rows that are seen and n that follow them.
//
// Notation   N windows, T rows seen, n steps, C channels, K tokens

import { createRandom } from '../../../engine/random.ts';
import type { Model } from '../../../models/model.ts';
import type { ForecastDesign } from '../../networks/forecast-design.ts';
import { forecastExamples } from '../../networks/training/forecast-examples.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import { type WindowTable, windowTable } from '../../scoring/training/window-table.ts';
import { cooccurrence } from '../cooccurrence.ts';
import { DYNAMO, type TokenDesign } from '../design.ts';
import { binsFrom } from '../token-spread.ts';
import { fitBins, tokenOf, tokensOf } from '../tokens.ts';

/** More windows would tell the same of bins, pairs and errors. */
const MOST_WINDOWS = 4000;

/** Windows of the fitted part, evenly spread. */
export function stepWindows(data: TrainingData, length: number): WindowTable {
  const table = windowTable(data, length, [0, data.cut]);
  const every = Math.ceil(table.starts.length / MOST_WINDOWS);
  return { ...table, starts: table.starts.filter((_, i) => i % every === 0) };
}

/** (N, n, C): the rows to be told, normalised by those that are seen. */
export function stepTargets(table: WindowTable, design: ForecastDesign): Float32Array {
  const { length, width, starts } = table;
  const seen = new Float32Array(design.rows * width);
  const told = (length - design.rows) * width;
  const targets = new Float32Array(starts.length * told);
  const fill = forecastExamples(table, design);
  const random = createRandom(0); // nothing is drawn
  for (let i = 0; i < starts.length; i += 1) {
    fill(Int32Array.of(i), [seen, targets.subarray(i * told, (i + 1) * told)], random);
  }
  return targets;
}

/** Bins, (C, 2), and co-occurrences, (C, K, K), of training data alone. */
export function tokenTensors(
  targets: Float32Array,
  { steps, width }: { readonly steps: number; readonly width: number },
  { bins }: Pick<TokenDesign, 'bins'>,
): Model['tensors'] {
  const bounds = new Float32Array(2 * width);
  for (let c = 0; c < width; c += 1) {
    const { low, high } = fitBins(
      targets.filter((_, i) => i % width === c),
      bins,
    );
    bounds.set([low, high], 2 * c);
  }
  // As they are read from the model, in single precision.
  const fitted = binsFrom(bounds, bins);
  const tokens = Uint8Array.from(targets, (value, i) =>
    tokenOf(value, fitted[i % width] as (typeof fitted)[number]),
  );
  const kinds = tokensOf({ count: bins });
  return {
    [`${DYNAMO}.bins`]: { shape: [width, 2], data: bounds },
    [`${DYNAMO}.cooccurrence`]: {
      shape: [width, kinds, kinds],
      data: cooccurrence(tokens, { steps, width, kinds }),
    },
  };
}
