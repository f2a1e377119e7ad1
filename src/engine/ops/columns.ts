// Columns and rows: a slice of the last axis, concatenation along it, and the newest rows of a window.
import type { Tape } from '../tape/tape.ts';
import { asRows, reshape, type Tensor } from '../tape/tensor.ts';
import { asWindows } from './axes.ts';

/** Columns `from` to `from + count - 1` of each row. */
export function columns(tape: Tape, x: Tensor, from: number, count: number): Tensor {
  const [rows, width] = asRows(x);
  const whole = Number.isInteger(from) && Number.isInteger(count);
  if (!(whole && from >= 0 && count >= 1 && from + count <= width)) {
    throw new RangeError(`rows of ${width} do not have ${count} columns from ${from} on`);
  }
  const output = tape.value([...x.shape.slice(0, -1), count]);
  return tape.record({
    kind: 'columns',
    attributes: { from, count },
    inputs: [x],
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, a] = [at(output), at(x) + from];
      return () => kernels.copyBlock(y, count, a, width, rows, count);
    },
    backward({ kernels, gradientAt }) {
      const [dy, dx] = [gradientAt(output), gradientAt(x)];
      return () => kernels.addBlock(dx + from, width, dy, count, rows, count);
    },
  });
}

// Tensors side by side along the last axis.

/** All must agree in every axis but the last. */
export function concatColumns(tape: Tape, tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (!first) throw new RangeError('there are no tensors to concatenate');
  const lengths = first.shape.slice(0, -1);
  const wrong = tensors.find(({ shape }) => shape.slice(0, -1).join('x') !== lengths.join('x'));
  if (wrong) {
    throw new RangeError(
      `${wrong.shape.join('x')} cannot be concatenated with ${first.shape.join('x')}: only the last axis may differ`,
    );
  }
  const [rows] = asRows(first);
  const widths = tensors.map((tensor) => asRows(tensor)[1]);
  const begins = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const output = tape.value([...lengths, total]);
  const parts = (placeOf: (tensor: Tensor) => number): readonly Part[] =>
    tensors.map((tensor, i) => ({
      place: placeOf(tensor),
      begin: begins[i] as number,
      width: widths[i] as number,
    }));
  return tape.record({
    kind: 'concat-columns',
    inputs: tensors,
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, from] = [at(output), parts(at)];
      return () => {
        for (const { place, begin, width } of from) {
          kernels.copyBlock(y + begin, total, place, width, rows, width);
        }
      };
    },
    backward({ kernels, gradientAt }) {
      const [dy, to] = [gradientAt(output), parts(gradientAt).filter(({ place }) => place !== 0)];
      return () => {
        for (const { place, begin, width } of to) {
          kernels.addBlock(place, width, dy + begin, total, rows, width);
        }
      };
    },
  });
}

interface Part {
  readonly place: number;
  /** Its first column in the output. */
  readonly begin: number;
  readonly width: number;
}

// The newest rows of each window.

/** (B, T, H) -> (B, count, H). Treats a window as one row; its newest rows are the last columns. */
export function lastRows(tape: Tape, x: Tensor, count: number): Tensor {
  const [windows, rows, width] = asWindows(x);
  if (!(Number.isInteger(count) && count >= 1 && count <= rows)) {
    throw new RangeError(`windows of ${rows} rows do not have ${count} last rows`);
  }
  const whole = reshape(x, [windows, rows * width]);
  const last = columns(tape, whole, (rows - count) * width, count * width);
  return reshape(last, [windows, count, width]);
}
