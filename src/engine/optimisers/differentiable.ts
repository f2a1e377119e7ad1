// A function whose gradient can be computed at any weights, for second-order methods.
import type { Floats } from '../floats.ts';
import type { Program } from '../tape/program.ts';
import type { Tensor } from '../tape/tensor.ts';
import type { Trainable } from './optimiser.ts';

export interface Differentiable extends Trainable {
  /** Writes the gradients at the current weights into `gradients`. Equal weights give equal bits. */
  gradient(): void;
  /** Positions of the arrays within the weights; absent = one vector. Elements between them are not changed. */
  readonly parts?: readonly Part[];
}

export interface Part {
  /** First element. */
  readonly from: number;
  readonly shape: readonly number[];
}

/**
 * The loss of a program as a function of its weights. Do not change inputs, `state.step` and `state.training` during use.
 */
export function lossByWeights(program: Program<Floats>): Differentiable {
  const { weights, gradients, parameters } = program;
  return {
    weights,
    gradients,
    gradient: () => runBothWays(program),
    parts: parameters.map(({ values, shape }) => ({
      from: (values.byteOffset - weights.byteOffset) / weights.BYTES_PER_ELEMENT,
      shape,
    })),
  };
}

/** The loss of a program as a function of an input with a gradient. */
export function lossByInput(program: Program<Floats>, input: Tensor): Differentiable {
  return {
    weights: program.valuesOf(input),
    gradients: program.gradientOf(input),
    gradient: () => runBothWays(program),
  };
}

function runBothWays(program: Program<Floats>): void {
  program.forward();
  program.backward();
}
