import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';

it('a product that starts at nothing reads nothing of what lies at the beginning of the memory', async () => {
  const { compile } = await loadKernels('wasm-simd');
  const before = new Tape();
  const poison = before.input([4096]);
  // Small programs share one memory: this one is the first in it.
  compile(before, { outputs: [poison] })
    .valuesOf(poison)
    .fill(Number.NaN);

  const [rows, columns] = [64, 40];
  const tape = new Tape();
  const [a, b] = [tape.input([rows, 1]), tape.input([1, columns])];
  const product = tape.record({
    kind: 'product',
    inputs: [a, b],
    output: tape.value([rows, columns]),
    forward({ kernels, at }) {
      const [c, left, right] = [at(product), at(a), at(b)];
      return () =>
        kernels.multiply(c, columns, left, 1, 1, right, columns, 0, columns, rows, columns, 1);
    },
  });
  const program = compile(tape, { outputs: [a, b, product] });
  program.valuesOf(a).fill(2);
  program.valuesOf(b).fill(3);
  program.forward();
  expect(new Set(program.valuesOf(product))).toEqual(new Set([6]));
});

const starts = ['nothing', 'a row', 'what is there'] as const;

describe.each(starts)('a product of more rows than the cache holds, that starts at %s', (from) => {
  // Whole blocks, less than one behind them, more than one behind them.
  it.each([257, 384, 700])('sums up all %i of them in order', async (inner) => {
    const [rows, columns] = [5, 19];
    const { compile } = await loadKernels('wasm-simd');
    const tape = new Tape();
    const [a, b, start] = [
      [inner, rows],
      [inner, columns],
      [rows, columns],
    ].map((shape) => tape.input(shape)) as [Tensor, Tensor, Tensor];
    tape.record({
      kind: 'product',
      inputs: [a, b, start],
      output: tape.value([1]),
      forward({ kernels, at }) {
        const [left, right, c] = [at(a), at(b), at(start)];
        const [first, down] = {
          nothing: [0, 0],
          'a row': [right, 0],
          'what is there': [c, columns],
        }[from] as [number, number];
        return () =>
          kernels.multiply(
            c,
            columns,
            left,
            1,
            rows,
            right,
            columns,
            first,
            down,
            rows,
            columns,
            inner,
          );
      },
    });
    const program = compile(tape, { outputs: [a, b, start] });
    const [x, y, c] = [a, b, start].map(program.valuesOf) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (const values of [x, y, c]) values.set(values.map((_, i) => Math.sin(i * i)));
    const expected = c.map((there, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      let sum = { nothing: 0, 'a row': y[j] as number, 'what is there': there }[from];
      for (let k = 0; k < inner; k++) {
        const product = Math.fround((x[k * rows + i] as number) * (y[k * columns + j] as number));
        sum = Math.fround(sum + product);
      }
      return sum;
    });
    program.forward();
    expect(c).toEqual(expected);
  });
});

it('the sum of rows takes as many columns as there are, and writes nothing behind them', async () => {
  const { compile } = await loadKernels('wasm-simd');
  for (const columns of [1, 3, 8, 15, 16, 17, 37]) {
    const rows = 9;
    const tape = new Tape();
    const [from, to] = [tape.input([rows, columns]), tape.input([columns + 16])];
    tape.record({
      kind: 'sum',
      inputs: [from, to],
      output: tape.value([1]),
      forward({ kernels, at }) {
        const [target, source] = [at(to), at(from)];
        return () => kernels.addRows(target, source, columns, rows, columns);
      },
    });
    const program = compile(tape, { outputs: [from, to] });
    program.valuesOf(from).set(program.valuesOf(from).map((_, i) => i));
    program.valuesOf(to).fill(1000);
    program.forward();
    const expected = Array.from({ length: columns + 16 }, (_, j) =>
      j < columns ? 1000 + rows * j + (columns * rows * (rows - 1)) / 2 : 1000,
    );
    expect([...program.valuesOf(to)]).toEqual(expected);
  }
});
