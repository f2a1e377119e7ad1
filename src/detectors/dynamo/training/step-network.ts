// The network that trains the heads: a trained forecaster with heads, the loss, and the training windows.
//
// Notation   B batch, N windows, T input rows, n steps, C channels, K tokens

import { columns, concatColumns } from '../../../engine/ops/columns.ts';
import { add, gradientScale, scale } from '../../../engine/ops/elements.ts';
import { crossEntropy, gaussianNll } from '../../../engine/ops/losses.ts';
import { createRandom } from '../../../engine/random.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../../engine/tape/tensor.ts';
import type { Model } from '../../../models/model.ts';
import { type Body, type ForecastDesign, forecastNetwork } from '../../networks/forecast.ts';
import { forecastExamples, forecastLoss } from '../../networks/training/forecast-examples.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import { type WindowTable, windowTable } from '../../scoring/training/window-table.ts';
import type { ExampleSet } from '../../training/fit/contract.ts';
import { DYNAMO, type SpreadDesign, type TokenDesign } from '../design.ts';
import { STEPS, stepHeads } from '../step-forecast.ts';
import { type Bins, binsFrom, fitBins, tokenOf, tokensOf } from '../token-spread.ts';

/** Weight of the errors of the means; the cross-entropy of the tokens is larger and would dominate otherwise. */
const MEANS_WEIGHT = 10;

interface StepNetwork {
  readonly tape: Tape;
  readonly loss: Tensor;
  readonly inputs: readonly Tensor[];
}

interface StepShape {
  readonly batch: number;
  readonly width: number;
  readonly heads: number;
  readonly spread: SpreadDesign;
}

/** Factors on the gradients that reach the forecaster: of its own forecast, and of the heads. */
interface BaseGradients {
  readonly own: number;
  readonly ofHeads: number;
}

export function isHead({ name }: { readonly name: string }): boolean {
  return name.startsWith(STEPS);
}

/** The weights of the forecaster come first on the tape. */
export function stepNetwork(
  body: Body,
  design: ForecastDesign,
  { batch, width, heads, spread }: StepShape,
  gradients: BaseGradients,
): StepNetwork {
  const { tape, input, stem, output } = forecastNetwork(body, design, width, batch);
  const whole = reshape(output, [batch, output.size / batch]);
  const first = gradientScale(tape, columns(tape, whole, 0, width), gradients.own);
  const vector = reshape(stem, [batch, stem.size / batch]);
  const seen = gradientScale(tape, vector, gradients.ofHeads);
  const headOutputs = stepHeads(tape, seen, { heads, spread }, width);
  const later = reshape(headOutputs.means, [batch, (heads - 1) * width]);
  const means = concatColumns(tape, [first, later]);
  const target = tape.input([batch, heads * width]);
  if (spread.variant === 'gaussian') {
    const logVariance = reshape(headOutputs.spread, means.shape);
    const loss = gaussianNll(tape, means, logVariance, target);
    return { tape, loss, inputs: [input, target] };
  }
  const tokens = tape.input(headOutputs.spread.shape);
  const loss = add(
    tape,
    scale(tape, forecastLoss(tape, means, target, 'huber'), MEANS_WEIGHT),
    crossEntropy(tape, headOutputs.spread, tokens),
  );
  return { tape, loss, inputs: [input, target, tokens] };
}

/** Writes the input rows, (B, T, C), the rows that follow, (B, n, C), and their tokens, (B, n, C, K). */
export function stepExamples(
  table: WindowTable,
  design: ForecastDesign,
  bins: readonly Bins[],
): ExampleSet['fill'] {
  const fill = forecastExamples(table, design);
  return (rows, into, random) => {
    fill(rows, into, random);
    const [, target, tokens] = into;
    if (!target || !tokens) return;
    tokens.fill(0);
    for (let i = 0; i < target.length; i += 1) {
      const own = bins[i % bins.length] as Bins;
      tokens[i * tokensOf(own) + tokenOf(target[i] as number, own)] = 1;
    }
  };
}

/** Empty if the heads do not output tokens. */
export function binsOf(bounds: Float32Array | undefined, spread: SpreadDesign): readonly Bins[] {
  return spread.variant === 'tokens' && bounds ? binsFrom(bounds, spread.bins) : [];
}

/** Windows at most; more do not change bins, pairs and errors. */
const MOST_WINDOWS = 4000;

/** Windows of T + n rows of the training part, evenly spread. */
export function stepWindows(data: TrainingData, length: number): WindowTable {
  const table = windowTable(data, length, [0, data.cut]);
  const every = Math.ceil(table.starts.length / MOST_WINDOWS);
  return { ...table, starts: table.starts.filter((_, i) => i % every === 0) };
}

/** (N, n, C): the rows to forecast, normalised by the input rows. */
export function stepTargets(table: WindowTable, design: ForecastDesign): Float32Array {
  const { length, width, starts } = table;
  const seen = new Float32Array(design.rows * width);
  const later = (length - design.rows) * width;
  const targets = new Float32Array(starts.length * later);
  const fill = forecastExamples(table, design);
  const random = createRandom(0); // not used: nothing is drawn
  for (let i = 0; i < starts.length; i += 1) {
    fill(Int32Array.of(i), [seen, targets.subarray(i * later, (i + 1) * later)], random);
  }
  return targets;
}

/** Bins, (C, 2), and co-occurrences, (C, K, K), of the training rows. */
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
  // Rounded to single precision, as in the model.
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

// How much more often two tokens follow each other than independent tokens would.
// Tuli et al. 2024, "DynaMo: accelerating language model inference with dynamic multi-token sampling", eq. 3.
//
// Notation   N samples, n steps, C channels, K tokens, p(a, b) share of the pairs in which b follows a
//
// Departs from DynaMo: sequences of three and more tokens get the product over their pairs, a first-order chain, because
// counts of triples take K times the memory and are mostly 0.

/** Added to each count, so that pairs without a count are rare and not impossible. */
const SMOOTHING = 0.1;

/** Tokens (N, n, C) of steps that follow each other; the result is p(a, b) / (p(a) p(b)), (C, K, K). */
export function cooccurrence(
  tokens: Uint8Array,
  {
    steps,
    width,
    kinds,
  }: { readonly steps: number; readonly width: number; readonly kinds: number },
): Float32Array {
  const counts = new Float64Array(width * kinds * kinds).fill(SMOOTHING);
  const samples = tokens.length / (steps * width);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let i = 0; i + 1 < steps; i += 1) {
      const from = (sample * steps + i) * width;
      for (let c = 0; c < width; c += 1) {
        const [a, b] = [tokens[from + c] as number, tokens[from + width + c] as number];
        const at = (c * kinds + a) * kinds + b;
        counts[at] = (counts[at] as number) + 1;
      }
    }
  }
  const ratios = new Float32Array(counts.length);
  for (let c = 0; c < width; c += 1) {
    const cells = [c * kinds * kinds, (c + 1) * kinds * kinds] as const;
    writeRatios(ratios.subarray(...cells), counts.subarray(...cells), kinds);
  }
  return ratios;
}

function writeRatios(ratios: Float32Array, counts: Float64Array, kinds: number): void {
  const first = new Float64Array(kinds);
  const second = new Float64Array(kinds);
  let total = 0;
  counts.forEach((count, i) => {
    const [a, b] = [Math.floor(i / kinds), i % kinds];
    first[a] = (first[a] as number) + count;
    second[b] = (second[b] as number) + count;
    total += count;
  });
  counts.forEach((count, i) => {
    const alone = (first[Math.floor(i / kinds)] as number) * (second[i % kinds] as number);
    ratios[i] = (count * total) / alone;
  });
}
