// A trained forecaster with heads on it, and what they shall lower.
//
// Notation   B batch, T rows seen, n steps, C channels, K tokens

import { add } from '../../../engine/ops/add.ts';
import { columns } from '../../../engine/ops/columns.ts';
import { concatColumns } from '../../../engine/ops/concat-columns.ts';
import { crossEntropy } from '../../../engine/ops/cross-entropy.ts';
import { gaussianNll } from '../../../engine/ops/gaussian-nll.ts';
import { gradientScale } from '../../../engine/ops/gradient-scale.ts';
import { scale } from '../../../engine/ops/scale.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../../engine/tape/tensor.ts';
import { type Body, forecastNetwork } from '../../networks/forecast.ts';
import type { ForecastDesign } from '../../networks/forecast-design.ts';
import { forecastExamples } from '../../networks/training/forecast-examples.ts';
import { forecastLoss } from '../../networks/training/forecast-loss.ts';
import type { WindowTable } from '../../scoring/training/window-table.ts';
import type { ExampleSet } from '../../training/fit/contract.ts';
import type { SpreadDesign } from '../design.ts';
import { STEPS, stepHeads } from '../heads.ts';
import { binsFrom } from '../token-spread.ts';
import { type Bins, tokenOf, tokensOf } from '../tokens.ts';

/** Of the errors of the means beside the cross-entropy of the tokens, which is larger and would be all that is learnt. */
const MEANS_WEIGHT = 10;

export interface StepNetwork {
  readonly tape: Tape;
  readonly loss: Tensor;
  readonly inputs: readonly Tensor[];
}

export interface StepShape {
  readonly batch: number;
  readonly width: number;
  readonly heads: number;
  readonly spread: SpreadDesign;
}

/** What of the gradients reaches the forecaster: of its own forecast, and of the heads. */
export interface BaseGradients {
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
  const told = stepHeads(tape, seen, { heads, spread }, width);
  const later = reshape(told.means, [batch, (heads - 1) * width]);
  const means = concatColumns(tape, [first, later]);
  const target = tape.input([batch, heads * width]);
  if (spread.variant === 'gaussian') {
    const logVariance = reshape(told.spread, means.shape);
    const loss = gaussianNll(tape, means, logVariance, target);
    return { tape, loss, inputs: [input, target] };
  }
  const tokens = tape.input(told.spread.shape);
  const loss = add(
    tape,
    scale(tape, forecastLoss(tape, means, target, 'huber'), MEANS_WEIGHT),
    crossEntropy(tape, told.spread, tokens),
  );
  return { tape, loss, inputs: [input, target, tokens] };
}

/** Writes the rows that are seen, (B, T, C), those that follow, (B, n, C), and the tokens of these, (B, n, C, K). */
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

/** None where heads give no tokens. */
export function binsOf(bounds: Float32Array | undefined, spread: SpreadDesign): readonly Bins[] {
  return spread.variant === 'tokens' && bounds ? binsFrom(bounds, spread.bins) : [];
}
