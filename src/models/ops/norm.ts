import { layerNorm } from '../../engine/ops/layer-norm.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';

/** Layer norm with weights `<name>.gain` and `<name>.bias`. */
export function norm(tape: Tape, x: Tensor, name: string): Tensor {
  const columns = x.shape.at(-1) ?? 1;
  const gain = tape.parameter(`${name}.gain`, [columns]);
  return layerNorm(tape, x, gain, tape.parameter(`${name}.bias`, [columns]));
}
