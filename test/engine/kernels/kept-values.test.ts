// The kernels that write what is kept, and zeros in between.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { plainTape } from '../../../src/engine/kernels/plain/tape.ts';
import { createRandom, mix32 } from '../../../src/engine/random.ts';
import { compile } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';

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

describe('thinRows', () => {
  const rows = 6;
  const columns = 5;
  const sizes = [0.1, 2, 0.5, 0, 0.9, 1];

  /** Rows of these sizes, thinned with the key; on both engines. */
  function thinned(key: number, engine: 'simd' | 'exact' = 'simd') {
    const tape = new Tape();
    const g = tape.input([rows, columns]);
    const list = tape.input([rows]);
    let kept = 0;
    tape.record({
      kind: 'thin',
      inputs: [g, list],
      output: tape.value([1]),
      forward({ kernels: k, at }) {
        const places = [at(list), at(g)] as const;
        return () => {
          kept = k.thinRows(...places, rows, columns, 1, key);
        };
      },
    });
    const options = { outputs: [g, list] };
    const program =
      engine === 'simd'
        ? simd.compile(tape, options)
        : compile(tape, plainTape(Float64Array), options);
    const values = program.valuesOf(g);
    for (let i = 0; i < values.length; i++) {
      const size = sizes[Math.floor(i / columns)] as number;
      values[i] = Math.fround(i % columns === 2 ? -size : size / (1 + (i % columns)));
    }
    const before = [...values];
    program.forward();
    const listed = [...program.valuesOf(list).subarray(0, kept)];
    /** What the list names. */
    const after = values.map((value, i) => (listed.includes(Math.floor(i / columns)) ? value : 0));
    return { before, after: [...after], kept, listed };
  }

  it('leaves out the rows that have no element above the threshold', () => {
    for (const engine of ['simd', 'exact'] as const) {
      const { before, after, kept, listed } = thinned(0, engine);
      expect(kept).toBe(1);
      expect(listed).toEqual([1]);
      expect(after.map(Math.abs)).toEqual(
        before.map((value, i) => (Math.floor(i / columns) === 1 ? Math.abs(value) : 0)),
      );
    }
  });

  it('keeps each of them as often as keeps the mean of 2,000 draws within three sigma', () => {
    const draws = 2000;
    const sums = new Float64Array(rows * columns);
    let before: readonly number[] = [];
    for (let draw = 0; draw < draws; draw++) {
      const found = thinned(mix32(draw + 1) || 1);
      before = found.before;
      for (const [i, value] of found.after.entries()) sums[i] = (sums[i] as number) + value;
    }
    for (const [i, value] of before.entries()) {
      const share = Math.min(1, sizes[Math.floor(i / columns)] as number);
      // a row is value / share with the probability share
      const sigma = share === 0 ? 0 : Math.abs(value) * Math.sqrt((1 - share) / share / draws);
      expect(Math.abs((sums[i] as number) / draws - value)).toBeLessThanOrEqual(3 * sigma + 1e-6);
    }
  });

  it('draws the same rows on both engines', () => {
    for (let draw = 1; draw < 50; draw++) {
      const [found, wanted] = [thinned(mix32(draw)), thinned(mix32(draw), 'exact')];
      expect(found.listed).toEqual(wanted.listed);
      for (const [i, value] of wanted.after.entries()) expect(found.after[i]).toBeCloseTo(value, 5);
    }
  });
});

describe('addKeptRows and softmaxBackKept', () => {
  const [rows, columns] = [7, 19];
  const kept = [0, 3, 4];

  it.each(['simd', 'exact'] as const)('read and write the listed rows, on %s', (engine) => {
    const tape = new Tape();
    const list = tape.input([kept.length]);
    const [g, p, to] = [0, 1, 2].map(() => tape.input([rows, columns])) as [Tensor, Tensor, Tensor];
    const [all, sum] = [tape.input([rows, columns]), tape.input([columns])];
    tape.record({
      kind: 'listed',
      inputs: [list, g, p, to, all, sum],
      output: tape.value([1]),
      forward({ kernels: k, at }) {
        const [by, of, from] = [at(g), at(p), at(list)];
        const [some, whole, added] = [at(to), at(all), at(sum)];
        return () => {
          k.softmaxBack(whole, by, of, 0, rows, columns, 0.5);
          k.softmaxBackKept(some, by, of, columns, 0.5, from, kept.length);
          k.addKeptRows(added, by, columns, columns, from, kept.length);
        };
      },
    });
    const options = { outputs: [list, g, p, to, all, sum] };
    const program =
      engine === 'simd'
        ? simd.compile(tape, options)
        : compile(tape, plainTape(Float64Array), options);
    const random = createRandom(3);
    for (const tensor of [g, p, to, sum]) {
      const view = program.valuesOf(tensor);
      for (let i = 0; i < view.length; i++) view[i] = Math.fround(random.normal());
    }
    program.valuesOf(list).set(kept);
    const before = { to: [...program.valuesOf(to)], sum: [...program.valuesOf(sum)] };
    program.forward();
    const whole = program.valuesOf(all);
    expect([...program.valuesOf(to)]).toEqual(
      before.to.map((value, i) => (kept.includes(Math.floor(i / columns)) ? whole[i] : value)),
    );
    for (const [j, value] of program.valuesOf(sum).entries()) {
      const added = kept.map((row) => program.valuesOf(g)[row * columns + j] as number);
      const wanted = added.reduce((total, each) => total + each, before.sum[j] as number);
      expect(value).toBeCloseTo(wanted, 5);
    }
  });
});
