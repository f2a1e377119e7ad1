// Heads on a trained forecaster, each for one step ahead: all read the vector that the stem makes of the newest rows.
// Tuli et al. 2024, "DynaMo", sec. 3.1.
//
// Notation   B batch, h width of the stem, n steps, C channels, K tokens
//
// Departs from DynaMo: a head is a residual layer on the newest vector instead of a decoder layer on all of them, since
// encoders here have few layers and a layer a head would cost what a run of the encoder does.
import { activation } from '../../engine/ops/activation.ts';
import { add } from '../../engine/ops/add.ts';
import { concatColumns } from '../../engine/ops/concat-columns.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import { project } from '../../models/ops/project.ts';
import type { DynamoDesign, SpreadDesign } from './design.ts';
import { tokensOf } from './tokens.ts';

/** What the names of all their weights begin with. */
export const STEPS = 'steps.';
/** Standard deviations are at least e^-3 of a normalised unit, since a channel that stands still tells of no less. */
const LEAST_LOG_VARIANCE = -6;

export interface StepHeads {
  /** (B, n - 1, C) means of all steps but the first, which is the forecaster's own. */
  readonly means: Tensor;
  /** (B, n, C, K) logits of the tokens, or (B, n, C) logarithms of the variances. */
  readonly spread: Tensor;
}

/** `stem` is (B, h). */
export function stepHeads(
  tape: Tape,
  stem: Tensor,
  { heads, spread }: Pick<DynamoDesign, 'heads' | 'spread'>,
  width: number,
): StepHeads {
  const [batch = 1] = stem.shape;
  const kinds = kindsOf(spread);
  const means: Tensor[] = [];
  const spreads: Tensor[] = [];
  for (let step = 1; step <= heads; step += 1) {
    const name = `${STEPS}step${step}`;
    const seen = residual(tape, stem, name);
    if (step > 1) means.push(project(tape, seen, width, `${name}.mean`));
    spreads.push(project(tape, seen, width * kinds, `${name}.spread`));
  }
  const told = concatColumns(tape, spreads);
  const shape = spread.variant === 'tokens' ? [width, kinds] : [width];
  return {
    means: reshape(concatColumns(tape, means), [batch, heads - 1, width]),
    spread: reshape(spread.variant === 'tokens' ? told : bounded(tape, told), [
      batch,
      heads,
      ...shape,
    ]),
  };
}

/** Numbers that tell how a channel may lie about its mean. */
function kindsOf(spread: SpreadDesign): number {
  return spread.variant === 'tokens' ? tokensOf({ count: spread.bins }) : 1;
}

function residual(tape: Tape, stem: Tensor, name: string): Tensor {
  const hidden = stem.shape.at(-1) ?? 1;
  const inner = activation(tape, project(tape, stem, 2 * hidden, `${name}.feed`), 'gelu');
  return add(tape, stem, project(tape, inner, hidden, `${name}.output`));
}

/** Nearly what comes in where that is above the least. */
function bounded(tape: Tape, raw: Tensor): Tensor {
  const columns = raw.shape.at(-1) ?? 1;
  const shift = (by: number) => tape.constant([columns], new Float32Array(columns).fill(by));
  const above = activation(tape, add(tape, raw, shift(-LEAST_LOG_VARIANCE)), 'softplus');
  return add(tape, above, shift(LEAST_LOG_VARIANCE));
}
