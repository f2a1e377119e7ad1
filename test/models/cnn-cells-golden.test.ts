import { describe, expect, it } from 'vitest';
import type { Floats } from '../../src/engine/floats.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { compile, type Program, type ProgramOptions } from '../../src/engine/tape/program.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { convolve } from '../../src/models/cnn.ts';
import { cnnPointSchema } from '../../src/models/cnn-design.ts';
import { golden } from '../golden/read.ts';

interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Computed {
  readonly point: unknown;
  readonly x: Listed;
  readonly target: Listed;
  readonly output: Listed;
  readonly weights: Readonly<Record<string, Listed>>;
  readonly gradients: Readonly<Record<string, Listed>>;
}

const { networks, tolerance } = golden<{
  readonly tolerance: { readonly double: number; readonly single: number };
  readonly networks: readonly Computed[];
}>('cnn-cells.json');
const simd = await loadKernels('wasm-simd');

const engines: Record<'double' | 'single', Compiling> = {
  double: (tape, options) => compile(tape, plainTape(Float64Array), options),
  single: simd.compile,
};

type Compiling = (tape: Tape, options: ProgramOptions) => Program<Floats>;

/** Greatest difference. */
function greatest(found: Floats, { values }: Listed): number {
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? 0))), 0);
}

describe('networks of searched cells', () => {
  it.each(['double', 'single'] as const)(
    'are what PyTorch computes, forward and back, with the channel rule, in %s precision',
    (name) => {
      expect(networks).toHaveLength(50);
      for (const wanted of networks) {
        const tape = new Tape();
        const input = tape.input(wanted.x.shape);
        const output = convolve(tape, cnnPointSchema.parse(wanted.point), input);
        const target = tape.input(wanted.target.shape);
        const loss = meanSquaredError(tape, output, target);
        const program = engines[name](tape, { loss, outputs: [output] });
        const shapes = program.parameters.map((own) => [own.name, [...own.shape]]);
        expect(Object.fromEntries(shapes)).toEqual(
          Object.fromEntries(Object.entries(wanted.weights).map(([key, one]) => [key, one.shape])),
        );
        for (const own of program.parameters)
          own.values.set(wanted.weights[own.name]?.values ?? []);
        program.valuesOf(input).set(wanted.x.values);
        program.valuesOf(target).set(wanted.target.values);
        program.forward();
        program.backward();
        const text = JSON.stringify(wanted.point);
        const limit = tolerance[name];
        expect(greatest(program.valuesOf(output), wanted.output), text).toBeLessThan(limit);
        // In parts of the greatest of all: the bias of attention's keys has a gradient of rounding errors alone.
        const all = Object.values(wanted.gradients).flatMap(({ values }) => values);
        const scale = Math.max(...all.map(Math.abs));
        for (const own of program.parameters) {
          const off = greatest(own.gradient, wanted.gradients[own.name] as Listed);
          expect(off / scale, `${own.name} of ${text}`).toBeLessThan(limit);
        }
      }
    },
  );
});
