// Encoders that leave out small operands of their products: what they multiply, and how far off they are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import { linear } from '../../src/engine/ops/linear.ts';
import { createRandom } from '../../src/engine/random.ts';
import { compile } from '../../src/engine/tape/program.ts';
import { type Pruning, Tape } from '../../src/engine/tape/tape.ts';
import { type DesignPoint, HEADS } from '../../src/models/design-point.ts';
import { encode, encoderMacs } from '../../src/models/encoder.ts';
import { initialiseNetwork } from '../../src/models/layers.ts';

const simd = await loadKernels('wasm-simd');
const FORMS = ['elements', 'columns'] as const;

const point: DesignPoint = {
  layers: [
    { hidden: 12, heads: [...HEADS.slice(0, 3), ...HEADS.slice(4, 5)], feedForward: [17, 9] },
    { hidden: 8, heads: HEADS.slice(0, 2), feedForward: [16] },
  ],
};
const shape = { rows: 26, width: 3, patch: 2 };

/** The encoder on two windows; `pruning` is that of all of its operands. */
function recorded(pruning?: Pruning) {
  const names = operandsOf(new Tape());
  const tape = new Tape({
    pruning: pruning ? Object.fromEntries(names.map((name) => [name, pruning])) : {},
  });
  const x = tape.input([2, shape.rows, shape.width]);
  return { tape, x, y: encode(tape, point, x, shape) };
}

function operandsOf(tape: Tape): readonly string[] {
  encode(tape, point, tape.input([2, shape.rows, shape.width]), shape);
  return tape.steps.flatMap(({ operands = [] }) => operands.map(({ name }) => name));
}

function run(
  pruning?: Pruning,
  compileWith: typeof simd.compile = simd.compile,
): { readonly y: readonly number[]; readonly issued: number; readonly skipped: number } {
  const { tape, x, y } = recorded(pruning);
  const counter = { issued: 0, skipped: 0 };
  const program = compileWith(tape, { outputs: [y], counter });
  initialiseNetwork(program.parameters, createRandom(1));
  const random = createRandom(2);
  const input = program.valuesOf(x);
  for (let i = 0; i < input.length; i++) input[i] = random.normal();
  program.forward();
  return { y: [...program.valuesOf(y)], ...counter };
}

describe('a pruned encoder', () => {
  it('names each of its operands once', () => {
    const names = operandsOf(new Tape());
    expect(names).toContain('layer1.feed.output');
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(FORMS)('issues or skips all multiplications of its design, by %s', (form) => {
    for (const threshold of [-1, 0.2, 0.8, 1e9]) {
      const found = run({ form, threshold });
      expect(found.issued + found.skipped).toBeCloseTo(2 * encoderMacs(point, shape), 6);
      expect(found.skipped > 0).toBe(threshold > 0);
      const plain = run({ form, threshold }, (tape, options) =>
        compile(tape, plainTape(Float32Array), options),
      );
      expect(plain.issued).toBeCloseTo(found.issued, -2);
    }
  });

  it.each(FORMS)('has the same bits as a dense one when the threshold of %s is below 0', (form) => {
    expect(run({ form, threshold: -1 }).y).toEqual(run().y);
    expect(run({ form, threshold: 0.5 }).y).not.toEqual(run().y);
  });
});

describe('a pruned product', () => {
  const sizes = fc.record({
    form: fc.constantFrom(...FORMS),
    windows: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 9 }),
    inner: fc.integer({ min: 1, max: 40 }),
    columns: fc.integer({ min: 1, max: 20 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  });

  it('is off by at most the threshold times the weights of what it leaves out', () => {
    fc.assert(
      fc.property(sizes, (at) => {
        const [whole, threshold] = [product(at), 0.8];
        const found = product(at, threshold);
        for (const [i, value] of whole.y.entries()) {
          const [row, column] = [Math.floor(i / at.columns), i % at.columns];
          let bound = 1e-5;
          for (let k = 0; k < at.inner; k++) {
            const x = whole.x[row * at.inner + k] as number;
            const weight = whole.weights[k * at.columns + column] as number;
            if (Math.abs(x) <= threshold) bound += threshold * Math.abs(weight);
          }
          expect(Math.abs(value - (found.y[i] as number))).toBeLessThanOrEqual(bound);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('skips more, the higher the threshold is', () => {
    fc.assert(
      fc.property(sizes, (at) => {
        const skipped = [-1, 0, 0.3, 0.9, 2, 9].map((threshold) => product(at, threshold).skipped);
        expect(skipped).toEqual([...skipped].sort((a, b) => a - b));
        expect(skipped[0]).toBe(0);
        expect(skipped.at(-1)).toBe(at.windows * at.rows * at.inner * at.columns);
      }),
      { numRuns: 15 },
    );
  });

  function product(
    {
      form,
      windows,
      rows,
      inner,
      columns,
      seed,
    }: Record<'windows' | 'rows' | 'inner' | 'columns' | 'seed', number> & {
      form: Pruning['form'];
    },
    threshold?: number,
  ) {
    const tape = new Tape();
    const [x, weights] = [tape.input([windows, rows, inner]), tape.input([inner, columns])];
    const pruning = threshold === undefined ? undefined : { form, threshold };
    const y = linear(tape, x, weights, undefined, { pruning });
    const counter = { issued: 0, skipped: 0 };
    const program = simd.compile(tape, { outputs: [x, weights, y], counter });
    const random = createRandom(seed);
    for (const values of [program.valuesOf(x), program.valuesOf(weights)]) {
      for (let i = 0; i < values.length; i++) values[i] = random.normal();
    }
    program.forward();
    const [found, left, right] = [y, x, weights].map((tensor) => [...program.valuesOf(tensor)]);
    return { y: found as number[], x: left as number[], weights: right as number[], ...counter };
  }
});
