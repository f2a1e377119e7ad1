// A discriminator in WebAssembly memory.
import type { Ascent, DiscriminatorKernels, DiscriminatorShape } from '../discriminator-kernels.ts';
import { checkBatch, checkStep } from './check.ts';
import type { KernelInstance } from './kernel-instance.ts';
import { parameterCount, parametersIn } from './parameters.ts';

type Sizes = ReturnType<typeof discriminatorSizes>;

/** Bytes of every array, in the order of the class in assembly/discriminator.ts; the block itself comes last. */
export function discriminatorSizes(shape: DiscriminatorShape, maxBatch: number) {
  const { inputs, hidden1, hidden2 } = shape;
  const parameters = parameterCount(shape);
  const floats = (rows: number, columns = 1) => 4 * rows * columns;
  return {
    weights: floats(parameters),
    gradients: floats(parameters),
    means: floats(parameters),
    squares: floats(parameters),
    w1Across: floats(inputs, hidden1),
    w2Across: floats(hidden1, hidden2),
    x: floats(maxBatch, inputs),
    z: floats(maxBatch, inputs),
    logits: floats(maxBatch),
    layer1: floats(2 * maxBatch, hidden1),
    layer2: floats(2 * maxBatch, hidden2),
    unit1: floats(2 * maxBatch, hidden1),
    unit2: floats(2 * maxBatch, hidden2),
    inputGradient: floats(maxBatch, inputs),
    ascentMean: floats(maxBatch, inputs),
    ascentSquare: floats(maxBatch, inputs),
    objective: 8 * maxBatch,
    stepLength: 8 * maxBatch,
    quiet: 4 * maxBatch,
    trainingInput: floats(2 * maxBatch, inputs),
    error: floats(2 * maxBatch),
    q1: floats(maxBatch, hidden1),
    q2: floats(maxBatch, hidden2),
    block: 256,
  };
}

export function wasmDiscriminator(
  { exports, arena }: KernelInstance,
  shape: DiscriminatorShape,
  maxBatch: number,
  sizes: Sizes,
): DiscriminatorKernels {
  const at = Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [name, arena.allocate(bytes)]),
  ) as Record<keyof Sizes, number>; // fromEntries loses the type of the keys
  const weights = parametersIn(shape, arena.floats(at.weights, sizes.weights / 4));
  const { w1, b1, w2, b2, w3, b3 } = weights;
  writeBlock(arena.buffer, shape, at, [w1, b1, w2, b2, w3, b3]);
  const { block } = at;
  return {
    shape,
    maxBatch,
    weights,
    gradients: parametersIn(shape, arena.floats(at.gradients, sizes.gradients / 4)),
    x: arena.floats(at.x, sizes.x / 4),
    z: arena.floats(at.z, sizes.z / 4),
    logits: arena.floats(at.logits, maxBatch),
    forward(batch) {
      checkBatch(batch, maxBatch);
      exports.forward(block, batch);
    },
    ascend(batch, ascent) {
      checkBatch(batch, maxBatch);
      ascend(exports, block, batch, ascent);
    },
    trainStep(batch, step) {
      checkBatch(batch, maxBatch);
      checkStep(step, batch);
      return exports.trainStep(
        block,
        batch,
        step.optimised,
        step.ascent.steps,
        step.ascent.stepLength,
        step.realLabel,
        step.fakeLabel,
        step.gradientPenalty,
        step.learningRate,
        step.weightDecay,
      );
    },
  };
}

function ascend(
  exports: KernelInstance['exports'],
  block: number,
  batch: number,
  ascent: Ascent,
): void {
  switch (ascent.rule) {
    case 'adam': {
      const { maxSteps, learningRate, target, epsilon } = ascent;
      exports.ascendByAdam(block, batch, maxSteps, learningRate, target, epsilon);
      break;
    }
    case 'backtracking': {
      const { steps, firstStep, anchorWeight } = ascent;
      exports.ascendByBacktracking(block, batch, steps, firstStep, anchorWeight);
      break;
    }
    case 'normalised':
      exports.ascendNormalised(block, batch, ascent.steps, ascent.stepLength);
      break;
  }
}

/** The fields of the class in assembly/discriminator.ts, one after another. */
function writeBlock(
  buffer: ArrayBuffer,
  shape: DiscriminatorShape,
  at: Record<keyof Sizes, number>,
  weights: readonly Float32Array[],
): void {
  const { block, ...arrays } = at;
  const view = new DataView(buffer, block);
  let offset = 0;
  const write = (word: number): void => {
    view.setInt32(offset, word, true);
    offset += 4;
  };
  view.setFloat64(0, 1, true);
  view.setFloat64(8, 1, true);
  offset = 16;
  write(shape.inputs);
  write(shape.hidden1);
  write(shape.hidden2);
  view.setFloat32(offset, shape.slope, true);
  offset = 40;
  write(parameterCount(shape));
  for (const values of weights) write(values.byteOffset);
  for (const address of Object.values(arrays)) write(address);
}
