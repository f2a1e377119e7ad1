// A tape that TensorFlow runs. No tensor survives a call: between calls the numbers are in plain arrays. `backward` also runs
// forward, because TensorFlow.js only differentiates operations that it runs.
import { layOut } from '../../engine/tape/layout.ts';
import type { Program, ProgramOptions } from '../../engine/tape/program.ts';
import { scheduleOf } from '../../engine/tape/schedule.ts';
import type { RecordedTape, RunState, Step } from '../../engine/tape/tape.ts';
import type { Storage, Tensor } from '../../engine/tape/tensor.ts';
import type { TensorFlow, TfTensor } from './api.ts';
import { tensorflowOp } from './ops/index.ts';

type Arrays = ReadonlyMap<Storage, Float32Array>;

/** Throws `RangeError` for an operation that is not in ops/index.ts. `elements` only counts our own arrays. */
export function compileForTensorflow(
  tf: TensorFlow,
  tape: RecordedTape,
  { loss, outputs = [] }: ProgramOptions = {},
): Program {
  const results = loss ? [...outputs, loss] : outputs;
  const { steps, wanted } = scheduleOf(tape.steps, results, loss);
  for (const step of steps) tensorflowOp(step);
  // Weights and their gradients have the same layout as in every engine.
  const blocks = { steps, wanted, values: new Map(), gradients: new Map() };
  const layout = layOut(tape.parameters, blocks);
  const memory = new Float32Array(layout.elements);
  const beside = arraysBeside(steps, results, wanted);
  const values = new Map([...viewsOf(memory, layout.values), ...beside.values]);
  const gradients = new Map([...viewsOf(memory, layout.gradients), ...beside.gradients]);
  const state: RunState = { step: 0, training: loss !== undefined };
  const run = { tf, steps, state, values };
  const allGradients = memory.subarray(layout.weights);

  return {
    state,
    parameters: tape.parameters.map(({ storage, shape }) => ({
      name: storage.kind === 'parameter' ? storage.name : '',
      shape,
      values: arrayIn(values, storage),
      gradient: loss ? arrayIn(gradients, storage) : allGradients,
    })),
    weights: memory.subarray(0, layout.weights),
    gradients: allGradients,
    elements: layout.elements + sizeOf(beside.values) + sizeOf(beside.gradients),
    valuesOf: ({ storage }) => arrayIn(values, storage),
    gradientOf: ({ storage }) => arrayIn(gradients, storage),
    forward() {
      tf.tidy(() => {
        const numbers = carryOut(run, new Map());
        for (const tensor of results) {
          if (tensor.storage.kind !== 'value') continue;
          arrayIn(values, tensor.storage).set(numbers(tensor).dataSync());
        }
      });
    },
    backward() {
      if (loss) tf.tidy(() => differentiate(run, loss, gradients));
    },
  };
}

interface Run {
  readonly tf: TensorFlow;
  readonly steps: readonly Step[];
  readonly state: RunState;
  readonly values: Arrays;
}

/** Runs all steps; `given` replaces numbers of the arrays. Returns a reader of the results. */
function carryOut(
  { tf, steps, state, values }: Run,
  given: ReadonlyMap<Storage, TfTensor>,
): (tensor: Tensor) => TfTensor {
  const numbers = new Map(given);
  const read = ({ storage, shape }: Tensor): TfTensor => {
    const found = numbers.get(storage) ?? tf.tensor1d(arrayIn(values, storage));
    numbers.set(storage, found);
    return found.reshape([...shape]);
  };
  for (const step of steps) {
    const carried = tensorflowOp(step)({ tf, step, state, read }, ...step.inputs.map(read));
    numbers.set(step.output.storage, carried);
  }
  return read;
}

function differentiate(run: Run, loss: Tensor, gradients: Arrays): void {
  const { tf, values } = run;
  const variables = new Map(
    [...gradients.keys()].map((storage) => [
      storage,
      tf.variable(tf.tensor1d(arrayIn(values, storage))),
    ]),
  );
  try {
    const { grads } = tf.variableGrads(
      () => carryOut(run, variables)(loss).asScalar(),
      [...variables.values()],
    );
    for (const [storage, { name }] of variables) {
      // A weight that does not affect the loss has no gradient.
      arrayIn(gradients, storage).set(grads[name]?.dataSync() ?? new Float32Array(storage.size));
    }
  } finally {
    for (const variable of variables.values()) variable.dispose();
  }
}

/** Arrays for inputs, results and constants. */
function arraysBeside(
  steps: readonly Step[],
  results: readonly Tensor[],
  wanted: ReadonlySet<Storage>,
): { readonly values: Arrays; readonly gradients: Arrays } {
  const given = steps
    .flatMap(({ inputs, saved = [] }) => [...inputs, ...saved])
    .filter(({ storage }) => storage.kind === 'input' || storage.kind === 'constant');
  const storages = [...results, ...given]
    .map(({ storage }) => storage)
    .filter(({ kind }) => kind !== 'parameter');
  const values = new Map(storages.map((storage) => [storage, startOf(storage)]));
  const asked = [...values.keys()].filter((storage) => storage.kind === 'input');
  const gradients = asked
    .filter((storage) => wanted.has(storage))
    .map((storage) => [storage, new Float32Array(storage.size)] as const);
  return { values, gradients: new Map(gradients) };
}

function startOf(storage: Storage): Float32Array {
  if (storage.kind === 'constant') return Float32Array.from(storage.values);
  return new Float32Array(storage.size);
}

function viewsOf(memory: Float32Array, places: ReadonlyMap<Storage, number>) {
  return [...places].map(
    ([storage, place]) => [storage, memory.subarray(place, place + storage.size)] as const,
  );
}

function arrayIn(arrays: Arrays, storage: Storage): Float32Array {
  const found = arrays.get(storage);
  if (found) return found;
  throw new RangeError(
    'the numbers of this tensor, or its gradient, were not requested: add it to outputs',
  );
}

function sizeOf(arrays: Arrays): number {
  return [...arrays.values()].reduce((sum, { length }) => sum + length, 0);
}
