// A network in ONNX's terms, how a graph is built node by node, and what writes a step of a tape into it.

import type { Step } from '../../engine/tape/tape.ts';
import { sizeOf, type Tensor } from '../../engine/tape/tensor.ts';

/** Whole numbers are ints; ONNX distinguishes `{ float: 1 }` from 1. */
export type Attribute = number | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** An input or an output; an axis with a name may be of any length. */
export interface NamedValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  /** Inputs and outputs, for readers of the file. */
  readonly description: string;
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
}

/** The name of the leading axis of inputs and outputs. */
const BATCH = 'batch';

export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs: NamedValue[] = [];
  readonly #outputs: NamedValue[] = [];

  /** (batch, ...shape) */
  input(name: string, shape: readonly number[]): string {
    this.#inputs.push({ name, shape: [BATCH, ...shape] });
    return name;
  }

  /** (batch, ...shape) */
  output(name: string, from: string, shape: readonly number[]): void {
    this.#nodes.push({ type: 'Identity', inputs: [from], output: name, attributes: {} });
    this.#outputs.push({ name, shape: [BATCH, ...shape] });
  }

  /** Returns the name of the node's output. */
  node(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = `${type}_${this.#nodes.length + 1}`;
    this.#nodes.push({ type, inputs, output, attributes });
    return output;
  }

  /** Constant numbers in single precision. */
  floats(shape: readonly number[], values: ArrayLike<number>, name?: string): string {
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(`${values.length} numbers do not fill ${shape.join('x')}`);
    }
    return this.#keep({
      name: name ?? `floats_${this.#initializers.size + 1}`,
      shape,
      data: Float32Array.from(values),
    });
  }

  scalar(value: number): string {
    return this.floats([], [value], `scalar_${value}`);
  }

  /** Shapes, axes and indices. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const name = `integers_${shape.join('x')}_${values.join('_')}`;
    return this.#keep({ name, shape, data: BigInt64Array.from(values, BigInt) });
  }

  reshape(from: string, shape: readonly number[]): string {
    return this.node('Reshape', [from, this.integers(shape)]);
  }

  transpose(from: string, axes: readonly number[]): string {
    return this.node('Transpose', [from], { perm: axes });
  }

  graph(name: string, description: string): OnnxGraph {
    return {
      name,
      description,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
    };
  }

  #keep(initializer: Initializer): string {
    this.#initializers.set(initializer.name, initializer);
    return initializer.name;
  }
}

/** The graph that a step is written to, and its names. */
export interface Writing {
  readonly graph: GraphBuilder;
  /** The name of a tensor's numbers, in the shape it has here. */
  read(tensor: Tensor): string;
}

/**
 * Writes what one kind of step computes, and returns the name of its output. The leading axis of windows is the batch,
 * whatever its length on the tape.
 */
export type StepWriter = (step: Step, writing: Writing) => string;

/** Throws `TypeError` when there is no such tensor. */
export function tensorAt(tensors: readonly Tensor[] | undefined, place: number): Tensor {
  const tensor = tensors?.[place];
  if (!tensor) throw new TypeError(`a step has no tensor ${place}`);
  return tensor;
}

/** A shape with a batch of any size. */
export function batched([, ...lengths]: readonly number[]): readonly number[] {
  return [-1, ...lengths];
}
