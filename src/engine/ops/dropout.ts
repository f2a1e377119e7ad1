// Sets elements to 0 with a probability, and scales the others so that the mean stays the same. Srivastava et al. 2014,
// "Dropout: a simple way to prevent neural networks from overfitting".
import { mix32, wordOf } from '../random.ts';
import type { Binding, RunState, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

/**
 * Off while the program is not training. The dropped elements depend only on seed, training step and position: set
 * `state.step` before `forward` and do not change it until `backward`; give each dropout of a network its own seed.
 */
export function dropout(tape: Tape, x: Tensor, rate: number, seed: number): Tensor {
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`the rate is ${rate}, must be from 0 to below 1`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`the seed is ${seed}, must be an integer`);
  if (rate === 0) return x;
  const { size } = x;
  const output = tape.value(x.shape);
  const draw = drawing(rate, seed);
  return tape.record({
    kind: 'dropout',
    attributes: { rate, seed },
    inputs: [x],
    output,
    rereads: [],
    forward({ kernels, at, state }: Binding) {
      const [y, a] = [at(output), at(x)];
      return () => {
        if (!state.training) kernels.copyBlock(y, size, a, size, 1, size);
        else kernels.dropElements(y, a, draw.factor, draw.threshold, draw.key(state), size);
      };
    },
    backward({ kernels, gradientAt, state }: Binding) {
      const [dy, dx] = [gradientAt(output), gradientAt(x)];
      return () => {
        if (!state.training) kernels.addScaled(dx, 1, dy, size);
        else kernels.dropElementsBack(dx, dy, draw.factor, draw.threshold, draw.key(state), size);
      };
    },
  });
}

/** Elements with a random 32-bit word below the threshold are dropped. Every engine must draw the same words. */
export function drawing(rate: number, seed: number) {
  const stream = mix32(wordOf(seed));
  return {
    factor: 1 / (1 - rate),
    threshold: Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1) | 0,
    key: ({ step }: RunState): number => mix32(stream + wordOf(step)),
  };
}
