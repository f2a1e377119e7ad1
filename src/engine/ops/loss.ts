// What all losses share: one number, whose slopes the way forward leaves for the way back.
import type { Binding, Step, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

export interface Loss {
  readonly kind: string;
  readonly attributes?: NonNullable<Step['attributes']>;
  readonly inputs: readonly Tensor[];
  /** Inputs that get a gradient, one array of slopes each. */
  readonly predictions: readonly Tensor[];
  /** Returns what writes the loss to `to`, and its slopes. */
  forward(binding: Binding, to: number, slopes: readonly number[]): () => void;
}

export function recordLoss(tape: Tape, loss: Loss): Tensor {
  const { kind, attributes, inputs, predictions } = loss;
  const output = tape.value([1]);
  const saved = predictions.map(({ shape }) => tape.value(shape));
  return tape.record({
    kind,
    ...(attributes && { attributes }),
    inputs,
    output,
    saved,
    rereads: [],
    forward: (binding) => loss.forward(binding, binding.at(output), saved.map(binding.at)),
    backward({ kernels, memory, at, gradientAt }) {
      const dy = gradientAt(output);
      const ways = predictions
        .map((tensor, i) => ({ to: gradientAt(tensor), from: at(saved[i] as Tensor), ...tensor }))
        .filter(({ to }) => to !== 0);
      return () => {
        const factor = memory[dy] as number;
        for (const { to, from, size } of ways) kernels.addScaled(to, factor, from, size);
      };
    },
  });
}

/** Throws RangeError unless there is a target for each prediction, and a weight, if there are any. */
export function checkSizes(prediction: Tensor, target: Tensor, mask?: Tensor): void {
  const { size } = prediction;
  if (target.size === size && (!mask || mask.size === size)) return;
  const weights = mask ? ` and ${mask.size} weights` : '';
  throw new RangeError(
    `${size} predictions, ${target.size} targets${weights}: there must be one for each`,
  );
}
