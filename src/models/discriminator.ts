// The discriminator as data: its weights as named tensors of a model, and how they start. It computes nothing;
// the kernels do.
//
// Notation   n inputs (T*C), h1/h2 hidden widths; w1 (h1, n), w2 (h2, h1), w3 (h2,), all row-major (out, in).
import { WeightsError } from '../core/errors.ts';
import type { DiscriminatorShape, DiscriminatorWeights } from '../engine/discriminator-kernels.ts';
import type { ModelTensor } from './model.ts';

type Part = keyof DiscriminatorWeights;
const PARTS: readonly Part[] = ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'];

/** (rows, columns) of every part; a bias has no columns. */
function partShapes(shape: DiscriminatorShape): Record<Part, readonly number[]> {
  const { inputs, hidden1, hidden2 } = shape;
  return {
    w1: [hidden1, inputs],
    b1: [hidden1],
    w2: [hidden2, hidden1],
    b2: [hidden2],
    w3: [hidden2],
    b3: [1],
  };
}

/**
 * Draws weights and biases uniformly from +-1/sqrt(fan-in), as torch.nn.Linear does, layer by layer.
 * `uniform` draws from [0, 1).
 */
export function initialise(
  weights: DiscriminatorWeights,
  shape: DiscriminatorShape,
  uniform: () => number,
): void {
  const fanIn = {
    w1: shape.inputs,
    b1: shape.inputs,
    w2: shape.hidden1,
    b2: shape.hidden1,
    w3: shape.hidden2,
    b3: shape.hidden2,
  };
  for (const part of PARTS) {
    const bound = 1 / Math.sqrt(fanIn[part]);
    const cells = weights[part];
    for (let i = 0; i < cells.length; i += 1) cells[i] = (2 * uniform() - 1) * bound;
  }
}

/** Copies of the weights as tensors named `<prefix>.w1` and so on. */
export function toTensors(
  weights: DiscriminatorWeights,
  shape: DiscriminatorShape,
  prefix: string,
): Record<string, ModelTensor> {
  const shapes = partShapes(shape);
  return Object.fromEntries(
    PARTS.map((part) => [
      `${prefix}.${part}`,
      { shape: shapes[part], data: Float32Array.from(weights[part]) },
    ]),
  );
}

/** Fills `weights` from a model's tensors. Throws `WeightsError` for a tensor that is missing or of another size. */
export function fromTensors(
  tensors: Readonly<Record<string, ModelTensor>>,
  prefix: string,
  weights: DiscriminatorWeights,
): void {
  for (const part of PARTS) {
    const cells = weights[part];
    cells.set(tensorOf(tensors, `${prefix}.${part}`, cells.length).data);
  }
}

/** One tensor of a model. Throws `WeightsError` when it is missing or does not hold `cells` numbers. */
export function tensorOf(
  tensors: Readonly<Record<string, ModelTensor>>,
  name: string,
  cells: number,
): ModelTensor {
  const tensor = tensors[name];
  if (!tensor)
    throw new WeightsError(`the model lacks the tensor ${name}: train it again`, {
      code: 'SEN_WGT_DESIGN',
    });
  if (tensor.data.length !== cells) {
    throw new WeightsError(
      `tensor ${name} has ${tensor.data.length} cells, its design needs ${cells}: train the model again`,
      { code: 'SEN_WGT_DESIGN' },
    );
  }
  return tensor;
}
