// A function whose gradient can be asked for anywhere: what second-order methods need beside two arrays.
import type { Floats } from '../floats.ts';
import type { Program } from '../tape/program.ts';
import type { Tensor } from '../tape/tensor.ts';
import type { Trainable } from './optimiser.ts';

export interface Differentiable extends Trainable {
  /** Writes into `gradients` what belongs to the weights as they are. Equal weights give equal bits. */
  gradient(): void;
  /** Where the arrays lie that make up the weights; absent = one vector. What lies between them is not touched. */
  readonly parts?: readonly Part[];
}

export interface Part {
  /** First element. */
  readonly from: number;
  readonly shape: readonly number[];
}

/** The loss of a program by its weights. Inputs, `state.step` and `state.training` must stay while it is in use. */
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

/** The loss of a program by an input that asked for its gradient. */
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
