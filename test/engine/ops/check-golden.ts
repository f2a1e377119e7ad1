// What PyTorch says of an operation: output and gradients, held against both engines. See scripts/golden/tape_cases.py.
import { expect } from 'vitest';
import type { Floats } from '../../../src/engine/floats.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { golden } from '../../golden/read.ts';
import { relativeError } from './check-op.ts';
import { type CompileTape, exact } from './exact.ts';

const goldens = ['tape-ops.json', 'window-ops.json', 'dynaprop.json'].map((file) =>
  golden<Golden>(file),
);
const simd = await loadKernels('wasm-simd');

interface Golden {
  readonly tolerance: { readonly double: number; readonly single: number };
  readonly cases: Readonly<Record<string, GoldenCase>>;
}

interface GoldenCase {
  readonly inputs: readonly Listed[];
  readonly output: Listed;
  /** Of the first inputs; the others have none. */
  readonly gradients: readonly Listed[];
  /** Absent where the output is a loss. */
  readonly target?: Listed;
}

interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export function checkGolden(
  name: string,
  build: (tape: Tape, inputs: readonly Tensor[]) => Tensor,
): void {
  const { cases, tolerance } = goldens.find((file) => name in file.cases) ?? {};
  const wanted = cases?.[name];
  if (!wanted || !tolerance) throw new RangeError(`no golden file has a case ${name}`);
  const double = run(wanted, build, exact);
  const single = run(wanted, build, simd.compile);
  const arrays = [wanted.output, ...wanted.gradients];
  for (const [i, { values }] of arrays.entries()) {
    const exact = Float64Array.from(values);
    expect(relativeError(double[i] as Floats, exact)).toBeLessThan(tolerance.double);
    expect(relativeError(single[i] as Floats, exact)).toBeLessThan(tolerance.single);
  }
}

/** The output and the gradients. */
function run(
  { inputs, output, gradients, target }: GoldenCase,
  build: (tape: Tape, inputs: readonly Tensor[]) => Tensor,
  compileTape: CompileTape,
): readonly Floats[] {
  const tape = new Tape();
  const tensors = inputs.map(({ shape }, i) =>
    tape.input(shape, { gradient: i < gradients.length }),
  );
  const result = build(tape, tensors);
  expect(result.shape).toEqual(output.shape);
  const wanted = target ? tape.input(target.shape) : undefined;
  const loss = wanted ? meanSquaredError(tape, result, wanted) : result;
  const kept = wanted ? [...tensors, wanted] : tensors;
  const program = compileTape(tape, { loss, outputs: [...kept, result] });
  for (const [i, { values }] of inputs.entries())
    program.valuesOf(tensors[i] as Tensor).set(values);
  if (wanted && target) program.valuesOf(wanted).set(target.values);
  program.forward();
  program.backward();
  return [
    program.valuesOf(result),
    ...gradients.map((_, i) => program.gradientOf(tensors[i] as Tensor)),
  ];
}
