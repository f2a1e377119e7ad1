// Offsets of the weights in one contiguous block.
import type { DiscriminatorShape } from '../discriminator-kernels.ts';
import type { Floats } from '../floats.ts';

/** The six weight arrays as views of one contiguous block, in this order. */
export interface Parameters<A> {
  readonly all: A;
  readonly w1: A;
  readonly b1: A;
  readonly w2: A;
  readonly b2: A;
  readonly w3: A;
  readonly b3: A;
}

export function parameterCount({ inputs, hidden1, hidden2 }: DiscriminatorShape): number {
  return hidden1 * (inputs + 1) + hidden2 * (hidden1 + 1) + hidden2 + 1;
}

export function parametersIn<A extends Floats>(shape: DiscriminatorShape, all: A): Parameters<A> {
  const { inputs, hidden1, hidden2 } = shape;
  let at = 0;
  const next = (length: number): A => {
    at += length;
    return all.subarray(at - length, at) as A; // subarray of an A is an A, which TypeScript cannot say
  };
  const w1 = next(hidden1 * inputs);
  const b1 = next(hidden1);
  const w2 = next(hidden2 * hidden1);
  const b2 = next(hidden2);
  return { all, w1, b1, w2, b2, w3: next(hidden2), b3: next(1) };
}
