// Records the operations of a network once; `compile` turns the tape into a program that runs many times. Reverse mode: each
// step can compute the gradients of its inputs from the gradient of its output.
import type { Floats } from '../floats.ts';
import type { TapeKernels } from './kernels.ts';
import { sizeOf, type Tensor, tensorOf } from './tensor.ts';

/** What a product leaves out of its left operand: elements, or columns in which no row of a window has a greater one. */
export interface Pruning {
  readonly form: 'elements' | 'columns';
  /** Elements are kept if their size is above it; rounded to single precision. Read in each run. */
  readonly threshold: number;
  /** Sees the operand before each product, row-major. */
  readonly watch?: Watch | undefined;
  /** Of `linear`: what its backward products leave out. */
  readonly gradient?: GradientPruning | undefined;
}

/** Rows of the gradient of a product's result. */
export interface GradientPruning {
  /** Rows without an element above it are left out; below 0 none are. Read in each run. */
  readonly threshold: number;
  /** Of the words that decide which of these rows are kept, scaled up so that the mean stays the same; absent: none are. */
  readonly seed?: number | undefined;
  /** Sees the gradient before it is pruned, row-major. */
  readonly watch?: Watch | undefined;
}

type Watch = (values: Floats) => void;

/** Addresses of a step's tensors in a program, counted in elements; see kernels.ts. */
export interface Binding {
  readonly kernels: TapeKernels;
  readonly memory: Floats;
  at(tensor: Tensor): number;
  /** Address of the gradient of a tensor; 0 if the gradient is not needed. */
  gradientAt(tensor: Tensor): number;
  /** Of the running program. */
  readonly state: RunState;
}

/** State that the caller may set between runs. */
export interface RunState {
  /** Training step; random operations draw new numbers for each. */
  step: number;
  /** Whether random operations, e.g. dropout, are active. */
  training: boolean;
}

/** The left operand of a product, which may be pruned. */
export interface Operand {
  /** Unique in its network. */
  readonly name: string;
  readonly tensor: Tensor;
  /** Rows whose columns are kept or left out together. */
  readonly rows: number;
  /** Columns of the right operand: multiplications of each of its elements. */
  readonly columns: number;
}

/** One operation of a network. Binding may allocate, the returned functions do not. */
export interface Step {
  readonly kind: string;
  /** Parameters of the operation; exports and other engines read them. */
  readonly attributes?: Readonly<Record<string, number | string | boolean>>;
  readonly inputs: readonly Tensor[];
  /** Tensors that its products may prune. */
  readonly operands?: readonly Operand[];
  readonly output: Tensor;
  /** Tensors that `forward` stores for `backward`. */
  readonly saved?: readonly Tensor[];
  /** Temporary tensors of `forward` (`scratch`) or `backward` (`backwardScratch`). */
  readonly scratch?: readonly Tensor[];
  readonly backwardScratch?: readonly Tensor[];
  /** Inputs and outputs that `backward` reads; default: all. */
  readonly rereads?: readonly Tensor[];
  forward(binding: Binding): () => void;
  /** Adds to the gradients of the inputs, of which at least one is needed. Absent if there is no gradient. */
  backward?(binding: Binding): () => void;
}

interface TapeOptions {
  readonly pruning?: Readonly<Record<string, Pruning>> | undefined;
}

export class Tape {
  readonly #steps: Step[] = [];
  readonly #parameters: Tensor[] = [];
  readonly #names = new Set<string>();
  /** How operands are pruned, by their names; the others are not. */
  readonly pruning: Readonly<Record<string, Pruning>>;

  constructor({ pruning = {} }: TapeOptions = {}) {
    this.pruning = pruning;
  }

  /** Numbers the caller writes before each run. */
  input(shape: readonly number[], { gradient = false } = {}): Tensor {
    return tensorOf(shape, { kind: 'input', size: sizeOf(shape), wantsGradient: gradient });
  }

  /** Weights; each name may be used only once. */
  parameter(name: string, shape: readonly number[]): Tensor {
    if (this.#names.has(name)) throw new RangeError(`there is already a parameter ${name}`);
    this.#names.add(name);
    const tensor = tensorOf(shape, { kind: 'parameter', size: sizeOf(shape), name });
    this.#parameters.push(tensor);
    return tensor;
  }

  constant(shape: readonly number[], values: ArrayLike<number>): Tensor {
    return tensorOf(shape, { kind: 'constant', size: sizeOf(shape), values });
  }

  /** A tensor that a step computes, saves or uses as scratch. */
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

  /** In order of creation. */
  get parameters(): readonly Tensor[] {
    return this.#parameters;
  }
}
