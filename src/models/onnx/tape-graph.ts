// A network on a tape as an ONNX graph.
import type { Step, Tape } from '../../engine/tape/tape.ts';
import type { Storage, Tensor } from '../../engine/tape/tensor.ts';
import { batched, GraphBuilder, type OnnxGraph } from './graph.ts';
import { writerOf } from './steps/index.ts';

export interface NetworkToWrite {
  readonly name: string;
  readonly description: string;
  readonly tape: Tape;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Numbers of a parameter, `size` of them. */
  weightsOf(name: string, size: number): ArrayLike<number>;
}

/**
 * Writes the steps that lead to the outputs. The leading axis of all that depends on an input is the batch, of any
 * size; no operation mixes along it, so the tape may have been recorded with any. Throws `RangeError` naming a kind of
 * step that has no counterpart.
 */
export function tapeGraph(network: NetworkToWrite): OnnxGraph {
  const { tape, inputs, outputs, weightsOf } = network;
  const graph = new GraphBuilder();
  const names = namesIn(graph, weightsOf);
  for (const [name, tensor] of Object.entries(inputs)) {
    names.set(tensor, graph.input(name, tensor.shape.slice(1)));
  }
  for (const step of stepsTo(tape.steps, Object.values(outputs))) {
    names.set(step.output, writerOf(step.kind)(step, { graph, read: names.read }));
  }
  for (const [name, tensor] of Object.entries(outputs)) {
    graph.output(name, names.read(tensor), tensor.shape.slice(1));
  }
  return graph.graph(network.name, network.description);
}

/** In their order; steps that lead elsewhere, e.g. to a loss, are left out. */
function stepsTo(steps: readonly Step[], outputs: readonly Tensor[]): readonly Step[] {
  const needed = new Set(outputs.map(({ storage }) => storage));
  const kept: Step[] = [];
  for (const step of [...steps].reverse()) {
    if (!needed.has(step.output.storage)) continue;
    kept.push(step);
    for (const { storage } of step.inputs) needed.add(storage);
  }
  return kept.reverse();
}

/** Names of tensors by storage and shape: another shape of the same numbers is a node of its own. */
function namesIn(graph: GraphBuilder, weightsOf: NetworkToWrite['weightsOf']) {
  const known = new Map<Storage, Map<string, string>>();
  const set = ({ storage, shape }: Tensor, name: string): void => {
    known.set(storage, (known.get(storage) ?? new Map()).set(shape.join('x'), name));
  };
  const fixed = ({ storage, shape, size }: Tensor): string => {
    if (storage.kind === 'constant') return graph.floats(shape, storage.values);
    if (storage.kind === 'parameter') {
      return graph.floats(shape, weightsOf(storage.name, size), storage.name);
    }
    throw new RangeError('a tensor is neither among the inputs nor made by a step');
  };
  const read = (tensor: Tensor): string => {
    const { storage, shape } = tensor;
    const shapes = known.get(storage);
    const found = shapes?.get(shape.join('x'));
    if (found !== undefined) return found;
    const [first] = shapes?.values() ?? [];
    const isFixed = storage.kind === 'constant' || storage.kind === 'parameter';
    const name =
      first === undefined ? fixed(tensor) : graph.reshape(first, isFixed ? shape : batched(shape));
    set(tensor, name);
    return name;
  };
  return { set, read };
}
