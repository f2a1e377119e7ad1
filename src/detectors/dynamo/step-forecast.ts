// Heads on a trained forecaster, each for one step ahead: all read the forecaster's newest vector, and give means and
// spread of the next steps. Tuli et al. 2024, "DynaMo", sec. 3.1.
//
// Notation   B batch, h width of the stem, n steps, C channels, K tokens
//
// Departs from DynaMo: a head is a residual layer on the newest vector instead of a decoder layer on all of them, because
// encoders here have few layers, and a layer per head would cost as much as a run of the encoder.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { activation, softmax } from '../../engine/ops/activation.ts';
import { concatColumns } from '../../engine/ops/columns.ts';
import { add } from '../../engine/ops/elements.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import { project } from '../../models/layers.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import type { ForecastRun } from '../networks/forecast.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { DYNAMO, type DynamoDesign, type Spread, type SpreadDesign } from './design.ts';
import { GaussianSpread } from './gaussian-spread.ts';
import { TokenSpread, tokensOf } from './token-spread.ts';

export class StepForecast {
  readonly spread: Spread;
  readonly #width: number;
  /** Outputs of the forecaster's run, (h,) and (C,). */
  readonly #stem: Float32Array;
  readonly #firstMeans: Float32Array;
  readonly #input: Float32Array;
  /** (n - 1, C) */
  readonly #means: Float32Array;
  readonly #run: () => void;

  /** Throws `WeightsError` if the model lacks heads of its design. */
  constructor(
    { stem, output }: Pick<ForecastRun, 'stem' | 'output'>,
    design: DynamoDesign,
    model: UnscaledModel,
    kernels: Kernels,
  ) {
    const width = model.channels.length;
    const tape = new Tape();
    const input = tape.input([1, stem.length]);
    const heads = stepHeads(tape, input, design, width);
    const isTokens = design.spread.variant === 'tokens';
    const spread = isTokens ? softmax(tape, heads.spread) : heads.spread;
    const program = kernels.compile(tape, { outputs: [heads.means, spread] });
    restoreWeights(program.parameters, model.tensors, DYNAMO);
    this.#width = width;
    this.#stem = stem;
    this.#firstMeans = output.subarray(0, width);
    this.#input = program.valuesOf(input);
    this.#means = program.valuesOf(heads.means);
    this.#run = program.forward;
    this.spread = this.#spreadOf(program.valuesOf(spread), design, model);
  }

  /** Call it after a run of the forecaster. */
  run(): void {
    this.#input.set(this.#stem);
    this.#run();
  }

  /** (C,) means of a step; the first step is 0. Valid until the next run. */
  meansOf(step: number): Float32Array {
    if (step === 0) return this.#firstMeans;
    return this.#means.subarray((step - 1) * this.#width, step * this.#width);
  }

  #spreadOf(values: Float32Array, { heads, spread }: DynamoDesign, model: UnscaledModel): Spread {
    switch (spread.variant) {
      case 'tokens':
        return new TokenSpread(values, heads, spread, model);
      case 'gaussian': {
        const meansOf = (step: number) => this.meansOf(step);
        return new GaussianSpread({ meansOf, logVariances: values }, heads, spread, model);
      }
    }
  }
}

/** Prefix of the names of all weights of heads. */
export const STEPS = 'steps.';
/** Least log variance: a standard deviation of e^-3 normalised units, for constant channels. */
const LEAST_LOG_VARIANCE = -6;

interface StepHeads {
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
  const joined = concatColumns(tape, spreads);
  const shape = spread.variant === 'tokens' ? [width, kinds] : [width];
  return {
    means: reshape(concatColumns(tape, means), [batch, heads - 1, width]),
    spread: reshape(spread.variant === 'tokens' ? joined : bounded(tape, joined), [
      batch,
      heads,
      ...shape,
    ]),
  };
}

/** Outputs per channel for the spread. */
function kindsOf(spread: SpreadDesign): number {
  return spread.variant === 'tokens' ? tokensOf({ count: spread.bins }) : 1;
}

function residual(tape: Tape, stem: Tensor, name: string): Tensor {
  const hidden = stem.shape.at(-1) ?? 1;
  const inner = activation(tape, project(tape, stem, 2 * hidden, `${name}.feed`), 'gelu');
  return add(tape, stem, project(tape, inner, hidden, `${name}.output`));
}

/** A smooth lower bound at the least log variance. */
function bounded(tape: Tape, raw: Tensor): Tensor {
  const columns = raw.shape.at(-1) ?? 1;
  const shift = (by: number) => tape.constant([columns], new Float32Array(columns).fill(by));
  const above = activation(tape, add(tape, raw, shift(-LEAST_LOG_VARIANCE)), 'softplus');
  return add(tape, above, shift(LEAST_LOG_VARIANCE));
}
