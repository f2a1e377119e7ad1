// Layers that networks on a tape share, and the weights that networks start with.
import type { Floats } from '../engine/floats.ts';
import { layerNorm } from '../engine/ops/layer-norm.ts';
import { linear } from '../engine/ops/linear.ts';
import type { Random } from '../engine/random.ts';
import type { NamedWeights } from '../engine/tape/program.ts';
import type { Tape } from '../engine/tape/tape.ts';
import type { Tensor } from '../engine/tape/tensor.ts';

/** x W + b to so many columns, with weights `<name>.weights` (in, out) and `<name>.bias`; x is the operand `name`. */
export function project(tape: Tape, x: Tensor, columns: number, name: string): Tensor {
  const weights = tape.parameter(`${name}.weights`, [x.shape.at(-1) ?? 1, columns]);
  const bias = tape.parameter(`${name}.bias`, [columns]);
  return linear(tape, x, weights, bias, { name, pruning: tape.pruning[name] });
}

/** Layer norm with weights `<name>.gain` and `<name>.bias`. */
export function norm(tape: Tape, x: Tensor, name: string): Tensor {
  const columns = x.shape.at(-1) ?? 1;
  const gain = tape.parameter(`${name}.gain`, [columns]);
  return layerNorm(tape, x, gain, tape.parameter(`${name}.bias`, [columns]));
}

/** Width of learned positions at the start, as in BERT. */
const POSITION_SPREAD = 0.02;

/**
 * Gains 1, biases 0, positions narrow; `weights` (..., in, out), `kernel` (K, in, out) and `taps` (K, columns) uniform,
 * so that a layer keeps the variance of what goes through it (Glorot and Bengio 2010, "Understanding the difficulty of
 * training deep feedforward neural networks", eq. 16).
 */
export function initialiseNetwork(
  parameters: readonly NamedWeights<Floats>[],
  random: Random,
): void {
  for (const { name, shape, values } of parameters) {
    const draw = drawFor(name, shape, random);
    for (let i = 0; i < values.length; i += 1) values[i] = draw();
  }
}

function drawFor(name: string, shape: readonly number[], random: Random): () => number {
  const within = (bound: number) => () => (2 * random.uniform() - 1) * bound;
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  switch (name.slice(name.lastIndexOf('.') + 1)) {
    case 'gain':
      return () => 1;
    case 'bias':
      return () => 0;
    case 'positions':
      return () => POSITION_SPREAD * random.normal();
    case 'taps':
      // (K, H): each column has a kernel of its own.
      return within(Math.sqrt(3 / rows));
    case 'kernel':
      // (K, I, O): all taps lead into the same sum.
      return within(Math.sqrt(6 / ((shape[0] ?? 1) * (rows + columns))));
    default:
      return within(Math.sqrt(6 / (rows + columns)));
  }
}
