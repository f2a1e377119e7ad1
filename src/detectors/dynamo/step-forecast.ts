// One run of the heads: means and spread of the next steps, of the vector that the forecaster made.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { softmax } from '../../engine/ops/softmax.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import type { ForecastRun } from '../networks/forecast-run.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { DYNAMO, type DynamoDesign } from './design.ts';
import { GaussianSpread } from './gaussian-spread.ts';
import { stepHeads } from './heads.ts';
import type { Spread } from './spread.ts';
import { TokenSpread } from './token-spread.ts';

export class StepForecast {
  readonly spread: Spread;
  readonly #width: number;
  /** Of the forecaster, (h,) and (C,): written by its run. */
  readonly #stem: Float32Array;
  readonly #firstMeans: Float32Array;
  readonly #input: Float32Array;
  /** (n - 1, C) */
  readonly #means: Float32Array;
  readonly #run: () => void;

  /** Throws `WeightsError` when the model lacks heads of its design. */
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
    const told = isTokens ? softmax(tape, heads.spread) : heads.spread;
    const program = kernels.compile(tape, { outputs: [heads.means, told] });
    restoreWeights(program.parameters, model.tensors, DYNAMO);
    this.#width = width;
    this.#stem = stem;
    this.#firstMeans = output.subarray(0, width);
    this.#input = program.valuesOf(input);
    this.#means = program.valuesOf(heads.means);
    this.#run = program.forward;
    this.spread = this.#spreadOf(program.valuesOf(told), design, model);
  }

  /** After a run of the forecaster. */
  run(): void {
    this.#input.set(this.#stem);
    this.#run();
  }

  /** (C,) of a step, the first being 0. Borrowed. */
  meansOf(step: number): Float32Array {
    if (step === 0) return this.#firstMeans;
    return this.#means.subarray((step - 1) * this.#width, step * this.#width);
  }

  #spreadOf(told: Float32Array, { heads, spread }: DynamoDesign, model: UnscaledModel): Spread {
    switch (spread.variant) {
      case 'tokens':
        return new TokenSpread(told, heads, spread, model);
      case 'gaussian': {
        const meansOf = (step: number) => this.meansOf(step);
        return new GaussianSpread({ meansOf, logVariances: told }, heads, spread, model);
      }
    }
  }
}
