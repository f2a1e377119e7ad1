// Layers of small networks, made of blocks side by side: each block reads its own part of the input. So a list of layers
// describes a network with one input as well as one with two branches.

type Block = readonly [inputs: number, outputs: number];
/** Blocks side by side. */
export type LayerShape = readonly Block[];

/** Offsets of a block's inputs, outputs and weights. */
interface PlacedBlock {
  readonly inputs: number;
  readonly outputs: number;
  readonly inputFrom: number;
  readonly outputFrom: number;
  /** (outputs, inputs) */
  readonly weightFrom: number;
  /** (outputs,) */
  readonly biasFrom: number;
}

export interface PlacedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly blocks: readonly PlacedBlock[];
}

interface Placed {
  readonly layers: readonly PlacedLayer[];
  /** Number of weights; all weights come before all biases. */
  readonly weightCount: number;
  readonly size: number;
}

/** Throws `RangeError` if a layer does not fit the one before it. */
export function placeLayers(shapes: readonly LayerShape[]): Placed {
  let [weightFrom, biasFrom] = [0, 0];
  const weightCount = sum(shapes.flat().map(([inputs, outputs]) => inputs * outputs));
  const layers = shapes.map((shape) => {
    let [inputFrom, outputFrom] = [0, 0];
    const blocks = shape.map(([inputs, outputs]) => {
      const from = { inputFrom, outputFrom, weightFrom, biasFrom: weightCount + biasFrom };
      inputFrom += inputs;
      outputFrom += outputs;
      weightFrom += inputs * outputs;
      biasFrom += outputs;
      return { inputs, outputs, ...from };
    });
    return { inputs: inputFrom, outputs: outputFrom, blocks };
  });
  for (const [i, { inputs }] of layers.entries()) {
    const before = layers[i - 1]?.outputs ?? inputs;
    if (before !== inputs) throw new RangeError(`layer ${i} reads ${inputs} of ${before} values`);
  }
  return { layers, weightCount, size: weightCount + biasFrom };
}

/**
 * Layers of `own` widths in one branch per part of the input, then layers of `joined` widths over all branches, then one
 * output. A single part makes an ordinary network.
 */
export function branched(
  parts: readonly number[],
  own: readonly number[],
  joined: readonly number[],
): readonly LayerShape[] {
  const shapes: LayerShape[] = [];
  let widths = parts;
  for (const next of own) {
    shapes.push(widths.map((inputs) => [inputs, next]));
    widths = widths.map(() => next);
  }
  let inputs = sum(widths);
  for (const next of [...joined, 1]) {
    shapes.push([[inputs, next]]);
    inputs = next;
  }
  return shapes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

// The affine part of a layer, forward and backward, in double precision, four rows at a time: loading a weight once
// for four products is three times as fast as row by row.
//
// Notation   x (rows, inputs), W (outputs, inputs), b (outputs,), z = x W^T + b; d* gradients of these

const LANES = 4;

/** The number of rows to allocate. */
export function wholeLanes(rows: number): number {
  return LANES * Math.ceil(rows / LANES);
}

/** Writes z. */
export const affine = overLayer((block, weights, x, from, stride, z, to, step) => {
  const { inputs, outputs, weightFrom, biasFrom } = block;
  const [from1, from2, from3] = [from + stride, from + 2 * stride, from + 3 * stride];
  for (let o = 0; o < outputs; o++) {
    const at = weightFrom + o * inputs;
    const bias = weights[biasFrom + o] as number;
    let [z0, z1, z2, z3] = [bias, bias, bias, bias];
    for (let i = 0; i < inputs; i++) {
      const w = weights[at + i] as number;
      z0 += w * (x[from + i] as number);
      z1 += w * (x[from1 + i] as number);
      z2 += w * (x[from2 + i] as number);
      z3 += w * (x[from3 + i] as number);
    }
    z[to + o] = z0;
    z[to + step + o] = z1;
    z[to + 2 * step + o] = z2;
    z[to + 3 * step + o] = z3;
  }
});

/** Writes dx. */
export const affineToInputs = overLayer((block, weights, dx, from, stride, dz, to, step) => {
  const { inputs, outputs, weightFrom } = block;
  const [to1, to2, to3] = [to + step, to + 2 * step, to + 3 * step];
  for (let i = 0; i < inputs; i++) {
    let [x0, x1, x2, x3] = [0, 0, 0, 0];
    for (let o = 0; o < outputs; o++) {
      const w = weights[weightFrom + o * inputs + i] as number;
      x0 += w * (dz[to + o] as number);
      x1 += w * (dz[to1 + o] as number);
      x2 += w * (dz[to2 + o] as number);
      x3 += w * (dz[to3 + o] as number);
    }
    dx[from + i] = x0;
    dx[from + stride + i] = x1;
    dx[from + 2 * stride + i] = x2;
    dx[from + 3 * stride + i] = x3;
  }
});

/** Adds dW and db to the gradients. */
export const affineToWeights = overLayer((block, gradients, x, from, stride, dz, to, step) => {
  const { inputs, outputs, weightFrom, biasFrom } = block;
  const [from1, from2, from3] = [from + stride, from + 2 * stride, from + 3 * stride];
  for (let o = 0; o < outputs; o++) {
    const [d0, d1] = [dz[to + o] as number, dz[to + step + o] as number];
    const [d2, d3] = [dz[to + 2 * step + o] as number, dz[to + 3 * step + o] as number];
    const at = weightFrom + o * inputs;
    for (let i = 0; i < inputs; i++) {
      gradients[at + i] =
        (gradients[at + i] as number) +
        d0 * (x[from + i] as number) +
        d1 * (x[from1 + i] as number) +
        d2 * (x[from2 + i] as number) +
        d3 * (x[from3 + i] as number);
    }
    gradients[biasFrom + o] = (gradients[biasFrom + o] as number) + d0 + d1 + d2 + d3;
  }
});

/** `inner` is x or dx, `outer` z or dz; `rows` is of whole lanes. */
type Sweep = (
  layer: PlacedLayer,
  weights: Float64Array,
  inner: Float64Array,
  outer: Float64Array,
  rows: number,
) => void;

/**
 * One block of four rows. `from` and `to` are the offsets of inputs and outputs in the first row; `stride` and `step` are
 * the distances to the next row.
 */
type FourRows = (
  block: PlacedBlock,
  weights: Float64Array,
  inner: Float64Array,
  from: number,
  stride: number,
  outer: Float64Array,
  to: number,
  step: number,
) => void;

function overLayer(visit: FourRows): Sweep {
  return ({ blocks, inputs, outputs }, weights, inner, outer, rows) => {
    for (const block of blocks) {
      for (let row = 0; row < rows; row += LANES) {
        const [from, to] = [row * inputs + block.inputFrom, row * outputs + block.outputFrom];
        visit(block, weights, inner, from, inputs, outer, to, outputs);
      }
    }
  };
}
