import type { ExampleSet, FitOptions } from '../../../../src/detectors/training/fit/contract.ts';
import { createFit } from '../../../../src/detectors/training/fit/fit.ts';
import type { Floats } from '../../../../src/engine/floats.ts';
import { plainTape } from '../../../../src/engine/kernels/plain/tape.ts';
import { linear } from '../../../../src/engine/ops/linear.ts';
import { meanSquaredError } from '../../../../src/engine/ops/losses.ts';
import { adam } from '../../../../src/engine/optimisers/adam.ts';
import type { Optimiser } from '../../../../src/engine/optimisers/optimiser.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import type { Program } from '../../../../src/engine/tape/program.ts';
import { compile } from '../../../../src/engine/tape/program.ts';
import { Tape } from '../../../../src/engine/tape/tape.ts';

const [IN, HIDDEN, OUT] = [3, 5, 2];

export type MakeOptimiser = (program: Program<Floats>) => Optimiser;

/** A training of it, and its program. */
export function start(
  extra: Partial<FitOptions> & Pick<FitOptions, 'duration'>,
  makeOptimiser: MakeOptimiser = adam,
) {
  const { program, options } = regression();
  return { program, fitting: createFit(program, makeOptimiser(program), { ...options, ...extra }) };
}

/** Two linear layers, in single precision, and the options to fit it with. */
export function regression(batch = 4) {
  const tape = new Tape();
  const x = tape.input([batch, IN]);
  const target = tape.input([batch, OUT]);
  const hidden = linear(
    tape,
    x,
    tape.parameter('w1', [IN, HIDDEN]),
    tape.parameter('b1', [HIDDEN]),
  );
  const y = linear(tape, hidden, tape.parameter('w2', [HIDDEN, OUT]), tape.parameter('b2', [OUT]));
  const loss = meanSquaredError(tape, y, target);
  const program = compile(tape, plainTape(Float32Array), { loss });
  const random = createRandom(1);
  for (const { values } of program.parameters) {
    for (let i = 0; i < values.length; i++) values[i] = random.normal() / 2;
  }
  const options: Pick<FitOptions, 'loss' | 'inputs' | 'batch' | 'seed' | 'training'> = {
    loss,
    inputs: [x, target],
    batch,
    seed: 2,
    training: examples(30),
  };
  return { program, options };
}

/** Pairs of which the second is a linear map of the first, plus `noise` drawn anew each time. */
export function examples(count: number, { noise = 0, shift = 0 } = {}): ExampleSet {
  const random = createRandom(count);
  const rows = Array.from({ length: count }, () => Array.from({ length: IN }, random.normal));
  return {
    count,
    fill(chosen, [x, target], draws) {
      for (const [place, row] of chosen.entries()) {
        const [a = 0, b = 0, c = 0] = rows[row] ?? [];
        (x as Floats).set([a, b, c], place * IN);
        const wanted = [2 * a - b + shift, c + 1].map((value) => value + noise * draws.normal());
        (target as Floats).set(wanted, place * OUT);
      }
    },
  };
}
