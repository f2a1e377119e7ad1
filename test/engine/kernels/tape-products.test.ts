import { expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';

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
