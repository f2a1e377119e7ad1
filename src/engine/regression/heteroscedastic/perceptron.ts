// A small network of softplus layers with one output, for teacher and student, and its training loop.

import { adam } from '../../optimisers/adam.ts';
import type { Trainable } from '../../optimisers/optimiser.ts';
import { warmUpCosineRate } from '../../optimisers/rate-schedules.ts';
import type { Random } from '../../random.ts';
import {
  affine,
  affineToInputs,
  affineToWeights,
  type LayerShape,
  type PlacedLayer,
  placeLayers,
  wholeLanes,
} from './layers.ts';

interface Perceptron extends Trainable {
  readonly inputs: number;
  /** Widths of the hidden layers: `masks` has one array (rows, width) for each. */
  readonly hidden: readonly number[];
  /** (rows,) outputs for x (rows, inputs); valid until the next call. Hidden values are multiplied by the masks, if any. */
  forward(x: Float64Array, rows: number, masks?: readonly Float64Array[]): Float64Array;
  /** After `forward`: adds the gradients of the weights for this gradient of the outputs. */
  backward(dOut: Float64Array): void;
  /** After `forward`: (rows, inputs) gradient by x; valid until the next call, and may be longer. */
  backwardToInput(dOut: Float64Array): Float64Array;
}

/** Activation of the last layer. */
type Ending = 'softplus' | 'identity';

export function createPerceptron(
  shapes: readonly LayerShape[],
  ending: Ending,
  gain: number,
  random: Random,
): Perceptron {
  const { layers, size } = placeLayers(shapes);
  const weights = new Float64Array(size);
  const gradients = new Float64Array(size);
  for (const layer of layers) drawWeights(layer, weights, random, gain);
  const inputs = layers[0]?.inputs ?? 0;
  const hidden = layers.slice(0, -1).map(({ outputs }) => outputs);
  let passes: readonly LayerPass[] = [];
  let [rows, lanes, room] = [0, 0, 0];

  function forward(x: Float64Array, count: number, masks?: readonly Float64Array[]): Float64Array {
    [rows, lanes] = [count, wholeLanes(count)];
    if (room < lanes) {
      room = lanes;
      passes = passesOf(layers, room);
    }
    passes[0]?.x.set(x.subarray(0, count * inputs));
    passes.forEach((pass, i) => {
      affine(pass.layer, weights, pass.x, pass.z, lanes);
      end(i === passes.length - 1 ? ending : 'softplus', pass, count, masks?.[i]);
    });
    return passes.at(-1)?.z.subarray(0, rows) ?? new Float64Array();
  }

  function back(dOut: Float64Array, learning: boolean): Float64Array {
    let d = dOut;
    for (let i = passes.length - 1; i >= 0; i--) {
      const pass = passes[i] as LayerPass;
      const { layer, x, dz, dx, slopes } = pass;
      const length = rows * layer.outputs;
      for (let k = 0; k < length; k++) dz[k] = (d[k] as number) * (slopes[k] as number);
      dz.fill(0, length, lanes * layer.outputs);
      if (learning) affineToWeights(layer, gradients, x, dz, lanes);
      if (i > 0 || !learning) affineToInputs(layer, weights, dx, dz, lanes);
      d = dx;
    }
    return d;
  }

  return {
    inputs,
    hidden,
    weights,
    gradients,
    forward,
    backward: (dOut) => void back(dOut, true),
    backwardToInput: (dOut) => back(dOut, false),
  };
}

/** LeCun et al. 1998, "Efficient backprop": normal, of variance 1 / inputs, times `gain`; biases too. */
export function drawWeights(
  { blocks }: PlacedLayer,
  weights: Float64Array,
  random: Random,
  gain: number,
): void {
  for (const { inputs, outputs, weightFrom, biasFrom } of blocks) {
    const deviation = gain / Math.sqrt(inputs);
    for (let i = 0; i < inputs * outputs; i++)
      weights[weightFrom + i] = deviation * random.normal();
    for (let i = 0; i < outputs; i++) weights[biasFrom + i] = deviation * random.normal();
  }
}

interface LayerPass {
  readonly layer: PlacedLayer;
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly dz: Float64Array;
  readonly dx: Float64Array;
  readonly slopes: Float64Array;
}

/** The outputs of a layer are the inputs of the next. */
function passesOf(layers: readonly PlacedLayer[], rows: number): readonly LayerPass[] {
  let x = new Float64Array(rows * (layers[0]?.inputs ?? 0));
  return layers.map((layer) => {
    const [inner, outer] = [rows * layer.inputs, rows * layer.outputs];
    const z = new Float64Array(outer);
    const pass = {
      layer,
      x,
      z,
      dz: new Float64Array(outer),
      dx: new Float64Array(inner),
      slopes: new Float64Array(outer),
    };
    x = z;
    return pass;
  });
}

/** Applies the activation in place, and stores its slopes. */
function end(
  kind: Ending,
  { z, slopes, layer }: LayerPass,
  rows: number,
  mask: Float64Array | undefined,
): void {
  const length = rows * layer.outputs;
  if (kind === 'identity') {
    slopes.fill(1, 0, length);
    return;
  }
  for (let k = 0; k < length; k++) {
    const x = z[k] as number;
    const kept = mask ? (mask[k] as number) : 1;
    const small = Math.exp(-Math.abs(x));
    z[k] = kept * (Math.max(x, 0) + Math.log(1 + small));
    slopes[k] = (kept * (x >= 0 ? 1 : small)) / (1 + small);
  }
}

export interface Course {
  /** Number of batches. */
  readonly steps: number;
  readonly rate: number;
  /** Added to the gradient. */
  readonly weightDecay?: number;
}

/** Rows of a batch. */
export const BATCH = 16;

/**
 * Trains with Adam over shuffled batches. `learn` adds the gradients of the mean loss of the given rows, at most BATCH. The
 * rate falls along half a cosine to a twentieth.
 */
export function descend(
  target: Trainable,
  rows: number,
  { steps, rate, weightDecay = 0 }: Course,
  random: Random,
  learn: (rows: Int32Array) => void,
): void {
  const optimiser = adam(target, { rate, weightDecay });
  const rateOf = warmUpCosineRate({ rate, steps, least: rate / 20 });
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const batches = Math.ceil(rows / BATCH);
  for (let step = 0; step < steps; step++) {
    const from = (step % batches) * BATCH;
    if (from === 0) random.shuffle(order);
    target.gradients.fill(0);
    learn(order.subarray(from, Math.min(from + BATCH, rows)));
    optimiser.step(rateOf(step));
  }
}

/** Copies the given rows of (.., width) into `into`, one after the other. */
export function gather(
  values: Float64Array,
  width: number,
  rows: Int32Array,
  into: Float64Array,
): void {
  for (let k = 0; k < rows.length; k++) {
    const from = (rows[k] as number) * width;
    for (let i = 0; i < width; i++) into[k * width + i] = values[from + i] as number;
  }
}

/** Gradient of the mean squared error by the outputs `found` of the given rows; `y` has the values of all rows. */
export function errors(found: Float64Array, y: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(
    rows,
    (row, k) => (2 * ((found[k] as number) - (y[row] as number))) / rows.length,
  );
}
