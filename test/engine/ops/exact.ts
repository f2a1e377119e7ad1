import type { Floats } from '../../../src/engine/floats.ts';
import { plainTape } from '../../../src/engine/kernels/plain/tape.ts';
import { compile, type Program, type ProgramOptions } from '../../../src/engine/tape/program.ts';
import type { Tape } from '../../../src/engine/tape/tape.ts';

export type CompileTape = (tape: Tape, options: ProgramOptions) => Program<Floats>;

/** In double precision, by which the others are measured. */
export function exact(tape: Tape, options: ProgramOptions): Program<Float64Array> {
  return compile(tape, plainTape(Float64Array), options);
}
