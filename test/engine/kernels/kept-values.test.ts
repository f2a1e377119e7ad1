// The kernels that write what is kept, and zeros in between.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { plainTape } from '../../../src/engine/kernels/plain/tape.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { compile } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';

const simd = await loadKernels('wasm-simd');

describe('keepElements and keepColumns', () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 9 }),
    columns: fc.integer({ min: 1, max: 23 }),
    threshold: fc.constantFrom(-1, 0, 0.5, 1.5),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  });

  it.each(['simd', 'exact'] as const)('write the values of what is kept, on %s', (engine) => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, threshold, seed }) => {
        const tape = new Tape();
        const [by, values] = [tape.input([rows, columns]), tape.input([rows, columns])];
        const [elements, whole] = [tape.input([rows, columns]), tape.input([rows, columns])];
        tape.record({
          kind: 'keep',
          inputs: [by, values, elements, whole],
          output: tape.value([1]),
          forward({ kernels: k, at }) {
            const places = [at(values), at(by)] as const;
            const [one, two] = [at(elements), at(whole)];
            return () => {
              k.keepElements(one, ...places, rows * columns, threshold);
              k.keepColumns(two, ...places, rows, columns, threshold);
            };
          },
        });
        const options = { outputs: [by, values, elements, whole] };
        const program =
          engine === 'simd'
            ? simd.compile(tape, options)
            : compile(tape, plainTape(Float64Array), options);
        const random = createRandom(seed);
        for (const tensor of [by, values]) {
          const view = program.valuesOf(tensor);
          for (let i = 0; i < view.length; i++) view[i] = Math.fround(random.normal());
        }
        program.forward();
        const [x, y] = [[...program.valuesOf(by)], [...program.valuesOf(values)]];
        const isKept = (value: number) => Math.abs(value) > threshold;
        expect([...program.valuesOf(elements)]).toEqual(
          y.map((value, i) => (isKept(x[i] as number) ? value : 0)),
        );
        expect([...program.valuesOf(whole)]).toEqual(
          y.map((value, i) => {
            const column = x.filter((_, j) => j % columns === i % columns);
            return column.some(isKept) ? value : 0;
          }),
        );
      }),
      { numRuns: 25 },
    );
  });
});
