import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { activation } from '../../../src/engine/ops/activation.ts';
import { linear } from '../../../src/engine/ops/linear.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { hessianVector } from '../../../src/engine/optimisers/adahessian.ts';
import {
  type Differentiable,
  lossByInput,
  lossByWeights,
} from '../../../src/engine/optimisers/differentiable.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { golden } from '../../golden/read.ts';
import { type CompileTape, exact } from '../ops/exact.ts';
import { bowl } from './valley.ts';

interface Product {
  readonly v: number[][];
  readonly hv: number[][];
}

const { products, tolerance } = golden<{
  tolerance: { double: number; single: number };
  products: readonly {
    x: number[];
    target: number[];
    weights: Readonly<Record<string, { shape: number[]; values: number[] }>>;
    byWeights: Product;
    byInput: Product;
  }[];
}>('optimisers.json');

const simd = await loadKernels('wasm-simd');

const engines = [
  {
    name: 'plain, double precision',
    within: tolerance.double,
    compileTape: exact,
  },
  { name: 'wasm, single precision', within: tolerance.single, compileTape: simd.compile },
];

/** The network of scripts/golden/optimisers.py `products`. */
function network(
  { x: rows, target: wanted, weights }: (typeof products)[number],
  compileTape: CompileTape,
) {
  const tape = new Tape();
  const x = tape.input([6, 5], { gradient: true });
  const target = tape.input([6, 3]);
  const named = Object.entries(weights).map(([name, { shape }]) => tape.parameter(name, shape));
  const [w1, b1, w2, b2, w3, b3] = named;
  if (!w1 || !w2 || !w3) throw new Error('the golden file lacks weights');
  const first = activation(tape, linear(tape, x, w1, b1), 'tanh');
  const second = activation(tape, linear(tape, first, w2, b2), 'tanh');
  const loss = meanSquaredError(tape, linear(tape, second, w3, b3), target);
  const program = compileTape(tape, { loss });
  program.valuesOf(x).set(rows);
  program.valuesOf(target).set(wanted);
  for (const { name, values } of program.parameters) values.set(weights[name]?.values ?? []);
  return { program, x };
}

/** Into one vector as long as the weights. */
function spread({ weights, parts }: Differentiable, arrays: number[][]): Float64Array {
  const vector = new Float64Array(weights.length);
  for (const [i, array] of arrays.entries()) vector.set(array, parts?.[i]?.from ?? 0);
  return vector;
}

function expectProduct(target: Differentiable, { v, hv }: Product, within: number): void {
  target.gradient();
  const [weights, gradients] = [target.weights.slice(), target.gradients.slice()];
  const found = new Float64Array(weights.length).fill(9);
  hessianVector(target)(spread(target, v), found);
  const wanted = spread(target, hv);
  expect(
    lengthOf(found.map((value, i) => value - (wanted[i] as number))) / lengthOf(wanted),
  ).toBeLessThan(within);
  expect(target.weights).toEqual(weights);
  expect(target.gradients).toEqual(gradients);
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

describe('hessianVector', () => {
  describe.each(engines)('$name', ({ compileTape, within }) => {
    it.each(products)(
      'agrees with automatic differentiation, by weights and by inputs',
      (point) => {
        const { program, x } = network(point, compileTape);
        expectProduct(lossByWeights(program), point.byWeights, within);
        expectProduct(lossByInput(program, x), point.byInput, within);
      },
    );
  });

  it('does not depend on the length of the vector', () => {
    const target = bowl([4, -2], [1, 1]);
    const product = new Float64Array(2);
    for (const length of [1e-9, 1, 1e9]) {
      hessianVector(target)(Float64Array.of(length, -length), product);
      expect(Math.abs((product[0] as number) / length - 4)).toBeLessThan(1e-8);
      expect(Math.abs((product[1] as number) / length - 2)).toBeLessThan(1e-8);
    }
  });

  it('gives 0 for a vector of zeros', () => {
    const product = new Float64Array(2).fill(7);
    hessianVector(bowl([4, -2], [1, 1]))(new Float64Array(2), product);
    expect([...product]).toEqual([0, 0]);
  });
});
