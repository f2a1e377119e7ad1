// GON's discriminator, computed by TensorFlow. Its numbers are in plain arrays, which each call passes to TensorFlow.
import type {
  DiscriminatorKernels,
  DiscriminatorShape,
  DiscriminatorWeights,
  TrainStep,
} from '../../engine/discriminator-kernels.ts';
import { checkBatch, checkShape, checkStep } from '../../engine/kernels/check.ts';
import { parameterCount, parametersIn } from '../../engine/kernels/parameters.ts';
import { adamStep, createAdam } from '../../engine/kernels/plain/adam.ts';
import type { TensorFlow, TfTensor } from './api.ts';
import { ascend } from './ascent.ts';
import { inputGradient, type Layers, layersOf, pass } from './network.ts';

export function tensorflowDiscriminator(
  tf: TensorFlow,
  shape: DiscriminatorShape,
  maxBatch: number,
): DiscriminatorKernels {
  checkShape(shape, maxBatch);
  const { inputs, slope } = shape;
  const weights = parametersIn(shape, new Float32Array(parameterCount(shape)));
  const gradients = parametersIn(shape, new Float32Array(parameterCount(shape)));
  const x = new Float32Array(maxBatch * inputs);
  const z = new Float32Array(maxBatch * inputs);
  const logits = new Float32Array(maxBatch);
  const adam = createAdam(weights.all.length);
  const rowsOf = (values: Float32Array, rows: number): TfTensor =>
    tf.tensor2d(values.subarray(0, rows * inputs), [rows, inputs]);

  return {
    shape,
    maxBatch,
    weights,
    gradients,
    x,
    z,
    logits,
    forward(batch) {
      checkBatch(batch, maxBatch);
      tf.tidy(() => {
        const layers = layersOf(tf, shape, weights);
        logits.set(pass(tf, layers, slope, rowsOf(x, batch)).logits.dataSync());
      });
    },
    ascend(batch, ascent) {
      checkBatch(batch, maxBatch);
      tf.tidy(() => {
        const layers = layersOf(tf, shape, weights);
        const ascending = { tf, layers, slope };
        const arrived = ascend(ascending, rowsOf(x, batch), rowsOf(z, batch), ascent);
        logits.set(pass(tf, layers, slope, arrived).logits.dataSync());
        z.set(arrived.dataSync());
      });
    },
    trainStep(batch, step) {
      checkBatch(batch, maxBatch);
      checkStep(step, batch);
      const loss = tf.tidy(() => {
        const layers = layersOf(tf, shape, weights);
        if (step.optimised > 0) {
          const [real, fakes] = [rowsOf(x, step.optimised), rowsOf(z, step.optimised)];
          z.set(ascend({ tf, layers, slope }, real, fakes, step.ascent).dataSync());
        }
        const rows = { real: rowsOf(x, batch), fakes: rowsOf(z, batch) };
        return lossGradient(tf, layers, { ...rows, slope }, step, gradients);
      });
      adamStep(adam, weights.all, gradients.all, step.learningRate, step.weightDecay);
      return loss;
    },
  };
}

interface Minibatch {
  readonly real: TfTensor;
  readonly fakes: TfTensor;
  readonly slope: number;
}

/** Writes the gradient, penalty included, and returns the loss without it. */
function lossGradient(
  tf: TensorFlow,
  layers: Layers,
  { real, fakes, slope }: Minibatch,
  { realLabel, fakeLabel, gradientPenalty }: TrainStep,
  into: DiscriminatorWeights,
): number {
  const names = Object.keys(layers) as (keyof Layers)[]; // keys forgets which
  const variables = Object.fromEntries(
    names.map((name) => [name, tf.variable(layers[name])]),
  ) as Record<keyof Layers, ReturnType<typeof tf.variable>>;
  const [batch = 1] = real.shape;
  let loss = 0;
  try {
    const { grads } = tf.variableGrads(() => {
      const ofReal = pass(tf, variables, slope, real);
      const ofFakes = pass(tf, variables, slope, fakes);
      const error = crossEntropy(tf, ofReal.logits, realLabel)
        .add(crossEntropy(tf, ofFakes.logits, fakeLabel))
        .div(batch);
      loss = error.dataSync()[0] as number;
      if (gradientPenalty === 0) return error.asScalar();
      const steepness = inputGradient(tf, variables, ofReal).square().sum();
      return error.add(steepness.mul(gradientPenalty / batch)).asScalar();
    }, Object.values(variables));
    for (const name of names) {
      into[name].set((grads[variables[name].name] as TfTensor).dataSync());
    }
    return loss;
  } finally {
    for (const variable of Object.values(variables)) variable.dispose();
  }
}

/** Of sigmoid(logit) to a label, summed over the rows. */
function crossEntropy(tf: TensorFlow, logits: TfTensor, label: number): TfTensor {
  return tf.softplus(logits).sub(logits.mul(label)).sum();
}
