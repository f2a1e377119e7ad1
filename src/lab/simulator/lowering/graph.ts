// The base operations of a network, which an accelerator tiles and schedules, and the builder that the lowerings of steps
// write them with. Loads and stores are added for an accelerator (../program.ts): they follow from what is read and written.
//
// Notation   a product is a list of parts (batch, rows, columns, inner) that add to one output
import type { Schedule } from '../../../engine/tape/schedule.ts';
import type { Pruning, Step } from '../../../engine/tape/tape.ts';
import type { Storage, Tensor } from '../../../engine/tape/tensor.ts';
import { pruningOf } from '../../../models/foreign-steps.ts';

/** Whose zeros a matrix has. */
export type Role = 'weight' | 'activation' | 'gradient';

/** What operations read and write: numbers of a tensor, or of a gradient. */
export interface Matrix {
  readonly id: number;
  readonly name: string;
  readonly elements: number;
  readonly role: Role;
  /** In main memory before the run, or computed. */
  readonly origin: 'memory' | 'computed';
  /** Whose numbers they are; absent for gradients and what no tensor holds. */
  readonly storage?: Storage;
}

/** What a product leaves out of a left operand by a threshold of the model; see `Pruning`. */
export interface LeftOut extends Pick<Pruning, 'form' | 'threshold'> {
  /** Rows whose columns are kept or left out together, and their length. */
  readonly rows: number;
  readonly width: number;
}

/** Where the elements of an operand lie in the numbers of a tensor. Steps in elements. */
export interface View {
  readonly storage: Storage;
  readonly offset: number;
  readonly batchDown: number;
  /** Along the rows of a left operand, and along the columns of a right one. */
  readonly outerDown: number;
  readonly innerDown: number;
  readonly leftOut?: LeftOut;
}

export interface Part {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Whether all of the batch reads the same operand. */
  readonly leftShared: boolean;
  readonly rightShared: boolean;
  /** Absent where no tensor holds the operand; then its zeros are expected ones. */
  readonly left?: View;
  readonly right?: View;
  /** Multiplications, if fewer than all: those of a convolution that reach over the edge of a window do not exist. */
  readonly macs?: number;
}

interface Common {
  readonly name: string;
  readonly reads: readonly Matrix[];
  readonly writes: Matrix;
  /** Whether the result goes to main memory, as the gradients of weights do. */
  readonly toMemory: boolean;
}

/** On the lanes. */
export interface Product extends Common {
  readonly kind: 'product' | 'convolution';
  readonly parts: readonly Part[];
  readonly leftRole: Role;
  readonly rightRole: Role;
  /** What the taps of a convolution are: its parts, or the inner loop of channels each for itself. */
  readonly taps?: 'parts' | 'inner';
}

/** `softmax` and `norm` on units of their own, the others on the lanes or beside them. A pool takes `times` rows to one. */
export interface Pass extends Common {
  readonly kind: 'softmax' | 'norm' | 'element' | 'pool' | 'nonlinearity';
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  /** Times that each tile is worked on. */
  readonly times: number;
  /** Multiplications that count as such. */
  readonly macs: number;
  /** What a non-linearity computes, e.g. gelu. */
  readonly computes?: string;
}

export type Operation = Product | Pass;

/** The work of one network on a batch of windows. */
export interface Work {
  readonly operations: readonly Operation[];
  readonly matrices: readonly Matrix[];
  /** Results that leave the accelerator. */
  readonly outputs: readonly Matrix[];
}

/** All multiplications of an operation, zeros included. */
export function macsOf(operation: Operation): number {
  if (!('parts' in operation)) return operation.macs;
  return operation.parts.reduce((sum, part) => sum + macsOfPart(part), 0);
}

export function macsOfPart({ batch, rows, columns, inner, macs }: Part): number {
  return macs ?? batch * rows * columns * inner;
}

/** How a kind of step is lowered. `back` is asked for only where the schedule goes back through it. */
export interface StepLowering {
  forward(graph: WorkBuilder, step: Step): void;
  back(graph: WorkBuilder, step: Step): void;
}

type NewOperation =
  | (Omit<Product, 'writes' | 'name' | 'toMemory'> & NewOutput)
  | (Omit<Pass, 'writes' | 'name' | 'toMemory' | 'times' | 'macs'> &
      Partial<Pick<Pass, 'times' | 'macs'>> &
      NewOutput);

interface NewOutput {
  /** Added to the name of the step. */
  readonly part?: string;
  readonly output: { readonly elements: number; readonly role: Role; readonly storage?: Storage };
}

export class WorkBuilder {
  readonly operations: Operation[] = [];
  readonly matrices: Matrix[] = [];
  readonly #wanted: Schedule['wanted'];
  readonly #values = new Map<Storage, readonly Matrix[]>();
  readonly #gradients = new Map<Storage, readonly Matrix[]>();
  #name = '';
  #leftOut: ReadonlyMap<Storage, LeftOut> = new Map();

  /** `wanted` are storages whose gradients are needed. */
  constructor(wanted: Schedule['wanted']) {
    this.#wanted = wanted;
  }

  /** What is added from now on has this name, and is of the step, if one makes it. */
  begin(name: string, step?: Step): void {
    this.#name = name;
    this.#leftOut = step ? leftOutBy(step) : new Map();
  }

  /** The newest values of a tensor; what nothing has computed lies in main memory. */
  valuesOf({ storage, size }: Tensor): readonly Matrix[] {
    const known = this.#values.get(storage);
    if (known) return known;
    const role = storage.kind === 'input' ? 'activation' : 'weight';
    const name = storage.kind === 'parameter' ? storage.name : storage.kind;
    const made = [this.#matrix(name, size, role, 'memory', storage)];
    this.#values.set(storage, made);
    return made;
  }

  setValues({ storage }: Tensor, values: readonly Matrix[]): void {
    this.#values.set(storage, values);
  }

  roleOf(tensor: Tensor): Role {
    return this.valuesOf(tensor)[0]?.role ?? 'activation';
  }

  wants({ storage }: Tensor): boolean {
    return this.#wanted.has(storage);
  }

  /** Of an output; empty where nothing has led back to it. */
  gradientOf({ storage }: Tensor): readonly Matrix[] {
    return this.#gradients.get(storage) ?? [];
  }

  /** `add` receives the parts of the gradient so far, which it has to add to, and returns those of the sum. */
  addGradient(tensor: Tensor, add: (before: readonly Matrix[]) => readonly Matrix[]): void {
    if (!this.wants(tensor)) return;
    this.#gradients.set(tensor.storage, add(this.gradientOf(tensor)));
  }

  /** For a second way back, e.g. of the next step of an ascent. */
  forgetGradients(): void {
    this.#gradients.clear();
  }

  /** The gradient of a loss is 1. */
  startBack({ storage }: Tensor): void {
    this.#gradients.set(storage, []);
  }

  /** Adds an operation; returns its output. Gradients of parameters go to main memory. */
  add({ part, output, ...operation }: NewOperation, toMemory = false): Matrix {
    const name = part ? `${this.#name} ${part}` : this.#name;
    const { elements, role, storage } = output;
    const writes = this.#matrix(name, elements, role, 'computed', storage);
    const common = { name, writes, toMemory };
    this.operations.push(
      'parts' in operation
        ? { ...operation, ...common, parts: operation.parts.map((one) => this.#pruned(one)) }
        : { times: 1, macs: 0, ...operation, ...common },
    );
    return writes;
  }

  #pruned(part: Part): Part {
    const { left } = part;
    const leftOut = left && this.#leftOut.get(left.storage);
    return leftOut ? { ...part, left: { ...left, leftOut } } : part;
  }

  #matrix(
    name: string,
    elements: number,
    role: Role,
    origin: Matrix['origin'],
    storage: Storage | undefined,
  ): Matrix {
    const id = this.matrices.length;
    const matrix = { id, name, elements, role, origin, ...(storage && { storage }) };
    this.matrices.push(matrix);
    return matrix;
  }
}

/** Prefixes of the attributes of attention, in the order of its operands. */
const PREFIXES = ['query', 'probability'] as const;

/** By operand. A product prunes what it reads; the operand itself is kept whole, since others read it, too. */
function leftOutBy(step: Step): ReadonlyMap<Storage, LeftOut> {
  const found = (step.operands ?? []).flatMap(({ tensor, rows }, place) => {
    const pruning = pruningOf(step, step.kind === 'attention' ? PREFIXES[place] : undefined);
    const width = tensor.shape.at(-1) ?? 1;
    return pruning ? [[tensor.storage, { ...pruning, rows, width }] as const] : [];
  });
  return new Map(found);
}
