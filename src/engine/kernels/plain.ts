// The engine without WebAssembly: plain loops in double precision. It is the fallback without SIMD, and the reference for
// tests and benchmarks of the SIMD kernels.
import type {
  DiscriminatorKernels,
  DiscriminatorShape,
  Kernels,
} from '../discriminator-kernels.ts';
import type { Floats } from '../floats.ts';
import { compile } from '../tape/program.ts';
import { checkBatch, checkCapacity, checkShape, checkStep, checkStretches } from './check.ts';
import { parameterCount, parametersIn } from './parameters.ts';
import { adamStep, createAdam } from './plain/adam.ts';
import { ascend as ascendOne, createAscentScratch } from './plain/ascent.ts';
import { plainNeighbours } from './plain/neighbours.ts';
import { createNetwork, logitOf, prepare } from './plain/network.ts';
import { plainStretches } from './plain/stretches.ts';
import { plainTape } from './plain/tape.ts';
import { createTrainingScratch, lossGradient, type TrainingScratch } from './plain/training.ts';

export const plainKernels: Kernels = {
  name: 'plain',
  compile: (tape, options) => compile(tape, plainTape(Float32Array), options),
  discriminator: (shape, maxBatch) => plainDiscriminator(shape, maxBatch, Float32Array),
  neighbours(capacity) {
    checkCapacity(capacity);
    return plainNeighbours(capacity);
  },
  stretches(cells, places) {
    checkStretches(cells.length, places);
    return plainStretches(cells, places);
  },
};

/**
 * Computes in double precision for either type of views. With `Float64Array` nothing is rounded in between,
 * which is what reference values of the official algorithm need.
 */
export function plainDiscriminator<A extends Floats>(
  shape: DiscriminatorShape,
  maxBatch: number,
  FloatArray: new (length: number) => A,
): DiscriminatorKernels<A> {
  checkShape(shape, maxBatch);
  const { inputs } = shape;
  const { exact, ...views } = createMemory(shape, maxBatch, FloatArray);
  const { weights, gradients, x, z, logits } = views;
  const network = createNetwork(shape, exact.weights);
  const scratch = createAscentScratch(inputs);
  const adam = createAdam(exact.weights.length);
  // Created by the first training step, so that a daemon that only scores does not need the memory.
  let training: TrainingScratch | undefined;

  return {
    ...views,
    shape,
    maxBatch,
    forward(batch) {
      checkBatch(batch, maxBatch);
      copy(weights.all, exact.weights, weights.all.length);
      prepare(network);
      copy(x, exact.x, batch * inputs);
      for (let b = 0; b < batch; b++) logits[b] = logitOf(network, exact.x, b * inputs);
    },
    ascend(batch, ascent) {
      checkBatch(batch, maxBatch);
      copy(weights.all, exact.weights, weights.all.length);
      prepare(network);
      copy(x, exact.x, batch * inputs);
      copy(z, exact.z, batch * inputs);
      for (let b = 0; b < batch; b++) {
        ascendOne(network, scratch, exact.x, exact.z, b * inputs, ascent);
        logits[b] = logitOf(network, exact.z, b * inputs);
      }
      copy(exact.z, z, batch * inputs);
    },
    trainStep(batch, step) {
      checkBatch(batch, maxBatch);
      checkStep(step, batch);
      training ??= createTrainingScratch(shape, maxBatch);
      copy(weights.all, exact.weights, weights.all.length);
      copy(z, exact.z, batch * inputs);
      if (step.optimised > 0) prepare(network);
      for (let b = 0; b < step.optimised; b++) {
        ascendOne(network, scratch, exact.x, exact.z, b * inputs, step.ascent);
      }
      copy(exact.z, z, step.optimised * inputs);
      training.input.set(x.subarray(0, batch * inputs));
      training.input.set(exact.z.subarray(0, batch * inputs), batch * inputs);
      const loss = lossGradient(network, training, batch, step, exact.gradients);
      adamStep(adam, exact.weights, exact.gradients.all, step.learningRate, step.weightDecay);
      copy(exact.gradients.all, gradients.all, weights.all.length);
      copy(exact.weights, weights.all, weights.all.length);
      return loss;
    },
  };
}

/** The caller's view, and the same values in double precision. */
function createMemory<A extends Floats>(
  shape: DiscriminatorShape,
  maxBatch: number,
  FloatArray: new (length: number) => A,
) {
  const weights = parametersIn(shape, new FloatArray(parameterCount(shape)));
  const gradients = parametersIn(shape, new FloatArray(parameterCount(shape)));
  const x = new FloatArray(maxBatch * shape.inputs);
  const z = new FloatArray(maxBatch * shape.inputs);
  const exact = {
    weights: inDouble(weights.all),
    gradients: parametersIn(shape, inDouble(gradients.all)),
    x: inDouble(x),
    z: inDouble(z),
  };
  return { weights, gradients, x, z, logits: new FloatArray(maxBatch), exact };
}

/** The array itself if it is in double precision, otherwise an array for a copy. */
function inDouble(values: Floats): Float64Array {
  return values instanceof Float64Array ? values : new Float64Array(values.length);
}

function copy(from: Floats, to: Floats, length: number): void {
  if (from === to) return;
  for (let i = 0; i < length; i++) to[i] = from[i] as number;
}
