// What an operation on constants computes, in double precision.
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { exact } from './exact.ts';

export function plainRun(build: (tape: Tape) => Tensor): readonly number[] {
  const tape = new Tape();
  const output = build(tape);
  const program = exact(tape, { outputs: [output] });
  program.forward();
  return [...program.valuesOf(output)];
}
