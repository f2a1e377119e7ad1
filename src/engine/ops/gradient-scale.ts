// y = x, whose gradient is `ratio` times as large on its way back: what is behind learns faster than what is before.
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

/** `ratio` is at least 0; 0 lets nothing through. */
export function gradientScale(tape: Tape, x: Tensor, ratio: number): Tensor {
  if (!(Number.isFinite(ratio) && ratio >= 0)) {
    throw new RangeError(`the ratio is ${ratio}, must be finite and at least 0`);
  }
  const output = tape.value(x.shape);
  return tape.record({
    kind: 'gradient-scale',
    attributes: { ratio },
    inputs: [x],
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, a] = [at(output), at(x)];
      return () => kernels.scaleElements(y, 1, a, x.size);
    },
    backward({ kernels, gradientAt }) {
      const [dy, dx] = [gradientAt(output), gradientAt(x)];
      return () => kernels.addScaled(dx, ratio, dy, x.size);
    },
  });
}
