// Records which operations make what of what, once; `compile` turns the record into a program that runs many times.
// Reverse mode: each step knows how to carry the gradient of its output back to its inputs.
import type { Floats } from '../floats.ts';
import type { TapeKernels } from './kernels.ts';
import { sizeOf, type Tensor, tensorOf } from './tensor.ts';

/** Where a step finds its numbers when it is bound to a program. Addresses count elements; see kernels.ts. */
export interface Binding {
  readonly kernels: TapeKernels;
  readonly memory: Floats;
  at(tensor: Tensor): number;
  /** Where to add the gradient of a tensor, or to read that of the output; 0 where nobody wants it. */
  gradientAt(tensor: Tensor): number;
  /** Of the running program. */
  readonly state: RunState;
}

/** What the caller may set between runs. */
export interface RunState {
  /** Counts the steps of a training; random operations draw anew for each. */
  step: number;
  /** Whether random operations are at work, e.g. dropout. */
  training: boolean;
}

/** One operation at its place in a network. Binding may allocate, the functions it returns do not. */
export interface Step {
  readonly kind: string;
  /** What else tells two steps of a kind apart; exports and other engines read it. */
  readonly attributes?: Readonly<Record<string, number | string | boolean>>;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /** Numbers that `forward` leaves for `backward`. */
  readonly saved?: readonly Tensor[];
  /** Numbers that nobody needs when `forward` is over, or `backward`. */
  readonly scratch?: readonly Tensor[];
  readonly backwardScratch?: readonly Tensor[];
  /** What `backward` reads of inputs and output; all of them, unless it says otherwise. */
  readonly rereads?: readonly Tensor[];
  forward(binding: Binding): () => void;
  /** Adds to the gradients of the inputs, of which somebody wants at least one. Absent where there is none. */
  backward?(binding: Binding): () => void;
}

export class Tape {
  readonly #steps: Step[] = [];
  readonly #parameters: Tensor[] = [];
  readonly #names = new Set<string>();

  /** Numbers the caller writes before each run. */
  input(shape: readonly number[], { gradient = false } = {}): Tensor {
    return tensorOf(shape, { kind: 'input', size: sizeOf(shape), wantsGradient: gradient });
  }

  /** Weights; a name may be used once. */
  parameter(name: string, shape: readonly number[]): Tensor {
    if (this.#names.has(name)) throw new RangeError(`there is a parameter ${name} already`);
    this.#names.add(name);
    const tensor = tensorOf(shape, { kind: 'parameter', size: sizeOf(shape), name });
    this.#parameters.push(tensor);
    return tensor;
  }

  constant(shape: readonly number[], values: ArrayLike<number>): Tensor {
    return tensorOf(shape, { kind: 'constant', size: sizeOf(shape), values });
  }

  /** Numbers a step makes, saves or scratches on. */
  value(shape: readonly number[]): Tensor {
    return tensorOf(shape, { kind: 'value', size: sizeOf(shape) });
  }

  /** Appends a step and returns its output. */
  record(step: Step): Tensor {
    this.#steps.push(step);
    return step.output;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** In the order in which they were made. */
  get parameters(): readonly Tensor[] {
    return this.#parameters;
  }
}
