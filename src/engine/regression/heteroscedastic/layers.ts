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

// The affine part of a layer, forward and backward, in double precision, four rows and two columns at a time: what is loaded
// once serves for several products. Each sum runs in the order of a single row, so a row has the same bits in any company.
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
  for (let o = 0; o < outputs; o++) {
    const bias = weights[biasFrom + o] as number;
    for (let row = 0; row < LANES; row++) z[to + row * step + o] = bias;
  }
  for (let o = 0; o < outputs; o += 2) {
    const p = Math.min(o + 1, outputs - 1);
    const [at, next] = [weightFrom + o * inputs, weightFrom + p * inputs];
    addProducts(weights, at, next, 1, x, from, stride, inputs, z, to + o, to + p, step);
  }
});

/** Writes dx. */
export const affineToInputs = overLayer((block, weights, dx, from, stride, dz, to, step) => {
  const { inputs, outputs, weightFrom: at } = block;
  for (let row = 0; row < LANES; row++) {
    dx.fill(0, from + row * stride, from + row * stride + inputs);
  }
  for (let i = 0; i < inputs; i += 2) {
    const k = Math.min(i + 1, inputs - 1);
    addProducts(
      weights,
      at + i,
      at + k,
      inputs,
      dz,
      to,
      step,
      outputs,
      dx,
      from + i,
      from + k,
      stride,
    );
  }
});

/**
 * Adds to two columns of four rows of `sums`, which may be the same one, the products of four rows of `values` with two lines of
 * `weights`: they begin at `at` and `next`, and `apart` lie between two of their elements.
 */
function addProducts(
  weights: Float64Array,
  at: number,
  next: number,
  apart: number,
  values: Float64Array,
  from: number,
  stride: number,
  count: number,
  sums: Float64Array,
  to: number,
  toNext: number,
  step: number,
): void {
  const [from1, from2, from3] = [from + stride, from + 2 * stride, from + 3 * stride];
  let s0 = sums[to] as number;
  let s1 = sums[to + step] as number;
  let s2 = sums[to + 2 * step] as number;
  let s3 = sums[to + 3 * step] as number;
  let t0 = sums[toNext] as number;
  let t1 = sums[toNext + step] as number;
  let t2 = sums[toNext + 2 * step] as number;
  let t3 = sums[toNext + 3 * step] as number;
  for (let i = 0, place = 0; i < count; i++, place += apart) {
    const w = weights[at + place] as number;
    const v = weights[next + place] as number;
    const x0 = values[from + i] as number;
    const x1 = values[from1 + i] as number;
    const x2 = values[from2 + i] as number;
    const x3 = values[from3 + i] as number;
    s0 += w * x0;
    s1 += w * x1;
    s2 += w * x2;
    s3 += w * x3;
    t0 += v * x0;
    t1 += v * x1;
    t2 += v * x2;
    t3 += v * x3;
  }
  sums[to] = s0;
  sums[to + step] = s1;
  sums[to + 2 * step] = s2;
  sums[to + 3 * step] = s3;
  sums[toNext] = t0;
  sums[toNext + step] = t1;
  sums[toNext + 2 * step] = t2;
  sums[toNext + 3 * step] = t3;
}

/** Adds dW and db to the gradients; 0 a second time for the last of an odd number of outputs. */
export const affineToWeights = overLayer((block, gradients, x, from, stride, dz, to, step) => {
  const { inputs, outputs, weightFrom, biasFrom } = block;
  const [from1, from2, from3] = [from + stride, from + 2 * stride, from + 3 * stride];
  const [to1, to2, to3] = [to + step, to + 2 * step, to + 3 * step];
  for (let o = 0; o < outputs; o += 2) {
    const p = Math.min(o + 1, outputs - 1);
    const d0 = dz[to + o] as number;
    const d1 = dz[to1 + o] as number;
    const d2 = dz[to2 + o] as number;
    const d3 = dz[to3 + o] as number;
    const isPair = p > o;
    const e0 = isPair ? (dz[to + p] as number) : 0;
    const e1 = isPair ? (dz[to1 + p] as number) : 0;
    const e2 = isPair ? (dz[to2 + p] as number) : 0;
    const e3 = isPair ? (dz[to3 + p] as number) : 0;
    const [at, next] = [weightFrom + o * inputs, weightFrom + p * inputs];
    for (let i = 0; i < inputs; i++) {
      const x0 = x[from + i] as number;
      const x1 = x[from1 + i] as number;
      const x2 = x[from2 + i] as number;
      const x3 = x[from3 + i] as number;
      gradients[at + i] = (gradients[at + i] as number) + d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3;
      gradients[next + i] = (gradients[next + i] as number) + e0 * x0 + e1 * x1 + e2 * x2 + e3 * x3;
    }
    const [bias, nextBias] = [biasFrom + o, biasFrom + p];
    gradients[bias] = (gradients[bias] as number) + d0 + d1 + d2 + d3;
    gradients[nextBias] = (gradients[nextBias] as number) + e0 + e1 + e2 + e3;
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
