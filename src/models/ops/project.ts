import { linear } from '../../engine/ops/linear.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';

/** x W + b to so many columns, with weights `<name>.weights` (in, out) and `<name>.bias`. */
export function project(tape: Tape, x: Tensor, columns: number, name: string): Tensor {
  const weights = tape.parameter(`${name}.weights`, [x.shape.at(-1) ?? 1, columns]);
  return linear(tape, x, weights, tape.parameter(`${name}.bias`, [columns]));
}
