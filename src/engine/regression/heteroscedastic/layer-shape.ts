// Layers of small networks whose parts may lie side by side: each block sees its own part of the input, so that one
// list says a network with one input as well as one with two branches that meet.

export type Block = readonly [inputs: number, outputs: number];
/** Blocks side by side. */
export type LayerShape = readonly Block[];

/** Where a block's inputs, outputs and weights lie. */
export interface PlacedBlock {
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

export interface Placed {
  readonly layers: readonly PlacedLayer[];
  /** All of them lie before all biases. */
  readonly weightCount: number;
  readonly size: number;
}

/** Throws `RangeError` where a layer does not fit on the one before it. */
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
 * Layers of `own` widths in a branch for each part of the input, then layers of `joined` widths over the branches side by
 * side, then one output. A single part makes an ordinary network.
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
