// What an operation on constants computes, in double precision.
import { plainTape } from '../../../src/engine/kernels/plain/tape.ts';
import { compile } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';

export function plainRun(build: (tape: Tape) => Tensor): readonly number[] {
  const tape = new Tape();
  const output = build(tape);
  const program = compile(tape, plainTape(Float64Array), { outputs: [output] });
  program.forward();
  return [...program.valuesOf(output)];
}
