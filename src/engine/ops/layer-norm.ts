// Normalises rows to mean 0 and variance 1, then multiplies by a gain and adds a bias. Ba et al. 2016, "Layer
// normalization".
//
// Notation   x, y (R, H) all but the last axis are rows, gain and bias (H,)
import type { Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';

/** Added to the variance; PyTorch's. */
const EPSILON = 1e-5;

export function layerNorm(tape: Tape, x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  const [rows, columns] = asRows(x);
  if (gain.size !== columns || bias.size !== columns) {
    throw new RangeError(
      `gain and bias have ${gain.size} and ${bias.size} elements, rows of ${columns} need ${columns} of each`,
    );
  }
  const output = tape.value(x.shape);
  const moments = tape.value([rows, 2]);
  return tape.record({
    kind: 'layer-norm',
    attributes: { epsilon: EPSILON },
    inputs: [x, gain, bias],
    output,
    saved: [moments],
    rereads: [x, gain],
    forward({ kernels, at }) {
      const [y, m, a, g, b] = [at(output), at(moments), at(x), at(gain), at(bias)];
      return () => kernels.normaliseRows(y, m, a, g, b, rows, columns, EPSILON);
    },
    backward({ kernels, at, gradientAt }) {
      const [m, a, g] = [at(moments), at(x), at(gain)];
      const [dy, dx] = [gradientAt(output), gradientAt(x)];
      const [dg, db] = [gradientAt(gain), gradientAt(bias)];
      return () => {
        if (dx) kernels.normaliseRowsBack(dx, dy, a, g, m, rows, columns);
        if (dg || db) kernels.normaliseWeightsBack(dg, db, dy, a, m, rows, columns);
      };
    },
  });
}
