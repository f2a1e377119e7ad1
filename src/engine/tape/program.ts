// Programs, i.e. compiled tapes: the common interface, and the implementation for engines with kernels on one memory.
import type { Floats } from '../floats.ts';
import { countingEngine, type MultiplicationCounter } from './counting.ts';
import type { TapeEngine } from './kernels.ts';
import { layOut } from './layout.ts';
import { goesBack, type Schedule, scheduleOf } from './schedule.ts';
import type { Binding, RunState, Tape } from './tape.ts';
import type { Storage, Tensor } from './tensor.ts';

export interface ProgramOptions {
  /** The loss for `backward`, one number. Without it the program has only a forward pass, and needs less memory. */
  readonly loss?: Tensor;
  /** Tensors that the caller reads after `forward`; the loss is included automatically. */
  readonly outputs?: readonly Tensor[];
  /** Adds up the multiplications of each run; TensorFlow does not. */
  readonly counter?: MultiplicationCounter;
}

export interface NamedWeights<A extends Floats = Float32Array> {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: A;
  /** Empty in a program without a loss. */
  readonly gradient: A;
}

/** Can run any number of times without allocation. Views stay valid. */
export interface Program<A extends Floats = Float32Array> {
  readonly state: RunState;
  /** Views of `weights` and `gradients`, one per parameter. */
  readonly parameters: readonly NamedWeights<A>[];
  /** All weights, contiguous; elements between two parameters are 0. Writable between runs. */
  readonly weights: A;
  /** Gradients of the last `backward`. */
  readonly gradients: A;
  /** Size of the memory, in elements. */
  readonly elements: number;
  /** Numbers of an input or an output. */
  valuesOf(tensor: Tensor): A;
  /** Gradient of the loss by an input that needs it. */
  gradientOf(tensor: Tensor): A;
  forward(): void;
  /** After `forward`. */
  backward(): void;
}

/** Throws `DeviceError` if the engine does not have enough memory. */
export function compile<A extends Floats>(
  tape: Tape,
  engine: TapeEngine<A>,
  options: ProgramOptions = {},
): Program<A> {
  const { loss, outputs = [], counter } = options;
  const schedule = scheduleOf(tape.steps, loss ? [...outputs, loss] : outputs, loss);
  const layout = layOut(tape.parameters, schedule);
  const used = counter ? countingEngine(engine, counter) : engine;
  const { memory, kernels, base } = used.instance(layout.elements);
  // subarray loses the type of the array
  const view = (at: number, size: number): A => memory.subarray(at, at + size) as A;
  const state: RunState = { step: 0, training: loss !== undefined };
  const binding: Binding = {
    kernels,
    state,
    memory,
    at(tensor) {
      const place = layout.values.get(tensor.storage);
      if (place === undefined) throw new RangeError('this tensor is not part of the program');
      return base + place;
    },
    gradientAt(tensor) {
      const place = layout.gradients.get(tensor.storage);
      return place === undefined ? 0 : base + place;
    },
  };
  for (const [storage, place] of layout.values) {
    if (storage.kind === 'constant') view(base + place, storage.size).set(storage.values);
  }
  const forward = schedule.steps.map((step) => step.forward(binding));
  const backward = loss ? wayBack(loss, schedule, binding) : [];
  const gradients = view(base + layout.weights, loss ? layout.weights : 0);

  return {
    state,
    parameters: tape.parameters.map((tensor) => ({
      name: tensor.storage.kind === 'parameter' ? tensor.storage.name : '',
      shape: tensor.shape,
      values: view(binding.at(tensor), tensor.size),
      gradient: view(binding.gradientAt(tensor), loss ? tensor.size : 0),
    })),
    weights: view(base, layout.weights),
    gradients,
    elements: layout.elements,
    valuesOf: (tensor) => view(binding.at(tensor), tensor.size),
    gradientOf(tensor) {
      const at = binding.gradientAt(tensor);
      if (at === 0) throw new RangeError('the gradient of this tensor was not requested');
      return view(at, tensor.size);
    },
    forward() {
      for (const run of forward) run();
    },
    backward() {
      gradients.fill(0);
      for (const run of backward) run();
    },
  };
}

/** The backward passes in order; each gradient is cleared just before the first step adds to it. */
function wayBack(
  loss: Tensor,
  { steps, wanted }: Schedule,
  binding: Binding,
): readonly (() => void)[] {
  const begun = new Set<Storage>();
  const runs: (() => void)[] = [];
  const begin = (tensor: Tensor, value: number): void => {
    const { storage } = tensor;
    const at = binding.gradientAt(tensor);
    if (at === 0 || begun.has(storage) || storage.kind === 'parameter') return;
    begun.add(storage);
    const cells = binding.memory.subarray(at, at + storage.size);
    runs.push(() => cells.fill(value));
  };
  begin(loss, 1);
  for (const step of [...steps].reverse()) {
    if (!step.backward || !goesBack(step, wanted)) continue;
    for (const tensor of [step.output, ...step.inputs]) begin(tensor, 0);
    runs.push(step.backward(binding));
  }
  return runs;
}
