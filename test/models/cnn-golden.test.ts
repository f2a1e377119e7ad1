import { describe, expect, it } from 'vitest';
import type { Floats } from '../../src/engine/floats.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { compile, type Program, type ProgramOptions } from '../../src/engine/tape/program.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { convolve } from '../../src/models/cnn.ts';
import { cnnPointSchema } from '../../src/models/cnn-design.ts';
import { relativeError } from '../engine/ops/check-op.ts';
import { golden } from '../golden/read.ts';

interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Golden {
  readonly tolerance: { readonly double: number; readonly single: number };
  readonly point: unknown;
  readonly x: Listed;
  readonly target: Listed;
  readonly output: Listed;
  readonly loss: number;
  readonly weights: Readonly<Record<string, Listed>>;
  readonly gradients: Readonly<Record<string, Listed>>;
}

const wanted = golden<Golden>('cnn.json');
const point = cnnPointSchema.parse(wanted.point);
const simd = await loadKernels('wasm-simd');

const engines: Record<'double' | 'single', Compiling> = {
  double: (tape, options) => compile(tape, plainTape(Float64Array), options),
  single: simd.compile,
};

type Compiling = (tape: Tape, options: ProgramOptions) => Program<Floats>;

describe('a convolutional network', () => {
  it.each(['double', 'single'] as const)('is what PyTorch computes, in %s precision', (name) => {
    const tape = new Tape();
    const input = tape.input(wanted.x.shape);
    const output = convolve(tape, point, input);
    const target = tape.input(wanted.target.shape);
    const loss = meanSquaredError(tape, output, target);
    const program = engines[name](tape, { loss, outputs: [output] });
    expect(output.shape).toEqual(wanted.output.shape);
    expect(program.parameters.map((own) => [own.name, own.shape])).toEqual(
      expect.arrayContaining(
        Object.entries(wanted.weights).map(([key, { shape }]) => [key, shape]),
      ),
    );
    for (const own of program.parameters) own.values.set(wanted.weights[own.name]?.values ?? []);
    program.valuesOf(input).set(wanted.x.values);
    program.valuesOf(target).set(wanted.target.values);
    program.forward();
    program.backward();
    const limit = wanted.tolerance[name];
    const error = (found: Floats, { values }: Listed): number =>
      relativeError(found, Float64Array.from(values));
    expect(error(program.valuesOf(output), wanted.output)).toBeLessThan(limit);
    expect(Math.abs((program.valuesOf(loss)[0] as number) - wanted.loss)).toBeLessThan(limit);
    expect(program.parameters).toHaveLength(Object.keys(wanted.gradients).length);
    for (const own of program.parameters) {
      expect(error(own.gradient, wanted.gradients[own.name] as Listed), own.name).toBeLessThan(
        limit,
      );
    }
  });
});
