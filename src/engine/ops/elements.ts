// Operations element by element: sum, product, constant factor, factor on the gradient.
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

/** y = a + b. b has the shape of a, or of a's last axes; then it is broadcast over the others. */
export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = broadcast(a, b);
  const output = tape.value(a.shape);
  return tape.record({
    kind: 'add',
    inputs: [a, b],
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, left, right] = [at(output), at(a), at(b)];
      return () => kernels.addElements(y, left, right, rows, columns);
    },
    backward({ kernels, gradientAt }) {
      const [dy, da, db] = [gradientAt(output), gradientAt(a), gradientAt(b)];
      return () => {
        if (da) kernels.addScaled(da, 1, dy, a.size);
        if (db) kernels.addRows(db, dy, columns, rows, columns);
      };
    },
  });
}

// y = a b, element by element.

/** b has the shape of a, or of a's last axes; then it is broadcast over the others. */
export function multiplyElements(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = broadcast(a, b);
  const output = tape.value(a.shape);
  return tape.record({
    kind: 'multiply-elements',
    inputs: [a, b],
    output,
    rereads: [a, b],
    forward({ kernels, at }) {
      const [y, left, right] = [at(output), at(a), at(b)];
      return () => kernels.multiplyElements(y, left, right, rows, columns);
    },
    backward({ kernels, at, gradientAt }) {
      const [left, right, dy] = [at(a), at(b), gradientAt(output)];
      const [da, db] = [gradientAt(a), gradientAt(b)];
      return () => {
        if (da) kernels.addProducts(da, dy, right, rows, columns);
        if (db) kernels.addRowProducts(db, dy, left, rows, columns);
      };
    },
  });
}

/** Rows and columns of a, with b as one row. Throws RangeError unless b has the shape of a, or of its last axes. */
function broadcast(a: Tensor, b: Tensor): readonly [rows: number, columns: number] {
  const last = a.shape.slice(a.shape.length - b.shape.length);
  if (b.shape.length > a.shape.length || last.some((length, axis) => length !== b.shape[axis])) {
    throw new RangeError(
      `${b.shape.join('x')} does not fit ${a.shape.join('x')}: expected the same shape, or its last axes`,
    );
  }
  return [a.size / b.size, b.size];
}

// y = factor x, with a constant factor.

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

// y = x, with a gradient that is multiplied by `ratio` in the backward pass.

/** `ratio` is at least 0; 0 stops the gradient. */
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
