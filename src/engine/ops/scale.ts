// y = factor x, with a factor that is not learnt.
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

export function scale(tape: Tape, x: Tensor, factor: number): Tensor {
  if (!Number.isFinite(factor)) throw new RangeError(`the factor is ${factor}, must be finite`);
  const output = tape.value(x.shape);
  return tape.record({
    kind: 'scale',
    attributes: { factor },
    inputs: [x],
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, a] = [at(output), at(x)];
      return () => kernels.scaleElements(y, factor, a, x.size);
    },
    backward({ kernels, gradientAt }) {
      const [dy, dx] = [gradientAt(output), gradientAt(x)];
      return () => kernels.addScaled(dx, factor, dy, x.size);
    },
  });
}
