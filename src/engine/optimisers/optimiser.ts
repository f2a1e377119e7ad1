// What every optimiser is: it moves an array of weights along an array of gradients, and its state can be saved. It
// knows nothing of programs, so that it serves every engine, and inputs as well as weights.
import type { Floats } from '../floats.ts';

/** Two arrays of the same length: what is moved, and the gradient of what shall fall by it. */
export interface Trainable {
  readonly weights: Floats;
  readonly gradients: Floats;
}

export interface Optimiser {
  /** Moves the weights once, by the gradients as they are; `rate` replaces that of the options. Makes no arrays. */
  step(rate?: number): void;
  /** A copy of all it remembers: restored in an optimiser of the same kind, it goes on with the same bits. */
  state(): OptimiserState;
  /** Throws `WeightsError` when the state belongs to another kind of optimiser, or to other weights. */
  restore(state: OptimiserState): void;
}

export type OptimiserState = ReadonlyMap<string, Float64Array>;

export function requireSameLength({ weights, gradients }: Trainable): void {
  if (weights.length !== gradients.length) {
    throw new RangeError(`${weights.length} weights have ${gradients.length} gradients`);
  }
}

/** Options are numbers from `least` on, and below `below`. */
export function requireOptions(
  options: Readonly<Record<string, number>>,
  least: number,
  below: number,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value >= least && value < below) continue;
    throw new RangeError(`${name} is ${value}, must be at least ${least} and below ${below}`);
  }
}
