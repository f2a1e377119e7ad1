import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import {
  ACTIVATIONS,
  type Activation,
  activation,
  softmax,
} from '../../../src/engine/ops/activation.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { against, checkOp } from './check-op.ts';
import { type CompileTape, exact } from './exact.ts';

const simd = await loadKernels('wasm-simd');

describe.each(ACTIVATIONS)('activation %s', (kind) => {
  it('computes what PyTorch computes', () => {
    checkGolden(kind, (tape, [x]) => activation(tape, x as never, kind));
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    const cases = fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      columns: fc.integer({ min: 1, max: 19 }),
    });
    // Central differences see no slope on a kink.
    const adjust = (value: number): number => value + Math.sign(value) * 1e-3;
    fc.assert(
      fc.property(cases, ({ rows, columns }) => {
        const build = (tape: Tape) => {
          const x = tape.input([rows, columns], { gradient: true });
          const y = activation(tape, x, kind);
          const target = tape.input([rows, columns]);
          return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
        };
        checkOp(build, { spread: 2, adjust });
      }),
      { numRuns: 8 },
    );
  });

  it('keeps a NaN', () => {
    expect(
      valuesOf(kind, simd.compile, [0, Number.NaN, 1, 2, Number.NaN]).map(Number.isNaN),
    ).toEqual([false, true, false, false, true]);
  });

  it('gives the same with a way back and without', () => {
    const x = Array.from({ length: 37 }, (_, i) => (i - 18) / 3);
    const tape = new Tape();
    const input = tape.input([x.length], { gradient: true });
    const y = activation(tape, input, kind);
    const loss = meanSquaredError(tape, y, tape.constant([x.length], new Array(x.length).fill(0)));
    const program = simd.compile(tape, { loss, outputs: [input, y] });
    program.valuesOf(input).set(x);
    program.forward();
    expect([...program.valuesOf(y)]).toEqual(valuesOf(kind, simd.compile, x));
  });
});

describe.each([simd, await loadKernels('wasm-relaxed')])(
  'the exponential and its relatives in $name, against double precision',
  (engine) => {
    /** Four roundings of 6e-8 at most. */
    const RELATIVE = 2.5e-7;

    it.each([
      ['sigmoid', -86.9, 40],
      ['tanh', -30, 30],
      ['softplus', -86.9, 100],
      ['silu', -80, 100],
    ] as const)('%s is right to some 1e-7 of itself from %d to %d', (kind, from, to) => {
      const x = grid(from, to);
      const found = valuesOf(kind, engine.compile, x);
      const wanted = valuesOf(kind, exact, x);
      const errors = found.map((y, i) => Math.abs(y / (wanted[i] as number) - 1));
      expect(Math.max(...errors)).toBeLessThan(RELATIVE);
    });

    it('keeps the digits of what is near 0', () => {
      const x = Array.from({ length: 400 }, (_, i) =>
        Math.fround((i % 2 ? -1 : 1) * 10 ** (-i / 20 - 1)),
      );
      const found = valuesOf('tanh', engine.compile, x);
      const errors = found.map((y, i) => Math.abs(y / Math.tanh(x[i] as number) - 1));
      expect(Math.max(...errors)).toBeLessThan(RELATIVE);
    });

    it('follows the normal distribution far into its tail', () => {
      const x = grid(-12, 1);
      const found = valuesOf('gelu', engine.compile, x);
      const wanted = valuesOf('gelu', exact, x);
      const errors = found.map((y, i) => Math.abs(y - (wanted[i] as number)));
      expect(Math.max(...errors)).toBeLessThan(1e-7);
      // x^2 / 2 is rounded, and e^ makes of that error a share of the result.
      const shares = errors.map((error, i) => {
        const [place, value] = [x[i] as number, wanted[i] as number];
        return Math.abs(error / value) / (5e-7 + 1.2e-7 * Math.min(place, 0) ** 2);
      });
      expect(Math.max(...shares)).toBeLessThan(1);
    });

    it('is the normal distribution above 0', () => {
      const x = grid(0, 20);
      const found = valuesOf('gelu', engine.compile, x);
      const wanted = valuesOf('gelu', exact, x);
      const errors = found.map((y, i) => Math.abs(y / (wanted[i] as number) - 1));
      expect(Math.max(...errors)).toBeLessThan(5e-7);
    });

    it('stays finite however large a number is', () => {
      for (const kind of ['sigmoid', 'tanh', 'softplus', 'gelu', 'silu'] as const) {
        const x = [-3e38, -1e10, -88, 88, 1e10, 3e38];
        expect(valuesOf(kind, engine.compile, x).every(Number.isFinite)).toBe(true);
      }
    });
  },
);

/** Some 20000 floats, evenly spread. */
function grid(from: number, to: number): readonly number[] {
  const count = 20_001;
  const step = (to - from) / count;
  // No float of the middle is 0, of which nothing can be a share.
  return Array.from({ length: count }, (_, i) => Math.fround(from + (i + 0.37) * step));
}

function valuesOf(
  kind: Activation,
  compileTape: CompileTape,
  x: readonly number[],
): readonly number[] {
  const tape = new Tape();
  const input = tape.input([x.length]);
  const y = activation(tape, input, kind);
  const program = compileTape(tape, { outputs: [input, y] });
  program.valuesOf(input).set(x);
  program.forward();
  return [...program.valuesOf(y)];
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 37 }),
});

describe('softmax', () => {
  it('computes what PyTorch computes', () => {
    checkGolden('softmax', (tape, [x]) => softmax(tape, x as Tensor));
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns }) => {
        checkOp((tape) => {
          const x = tape.input([2, rows, columns], { gradient: true });
          const y = softmax(tape, x);
          return against(tape, [x], y);
        });
      }),
      { numRuns: 10 },
    );
  });

  it('makes rows of shares that sum to 1, however far the numbers are from 0', () => {
    const cases = fc.record({
      sizes,
      offset: fc.constantFrom(-3e4, 0, 3e4),
      spread: fc.constantFrom(1, 50),
    });
    fc.assert(
      fc.property(
        cases,
        fc.infiniteStream(fc.float({ min: -1, max: 1, noNaN: true })),
        (shape, draws) => {
          const { rows, columns } = shape.sizes;
          const tape = new Tape();
          const x = tape.input([rows, columns]);
          const y = softmax(tape, x);
          const program = simd.compile(tape, { outputs: [x, y] });
          program.valuesOf(x).forEach((_, i, cells) => {
            cells[i] = shape.offset + shape.spread * (draws.next().value as number);
          });
          program.forward();
          const shares = program.valuesOf(y);
          for (let i = 0; i < rows; i++) {
            const row = shares.subarray(i * columns, (i + 1) * columns);
            expect(row.every((share) => share >= 0 && share <= 1 + 1e-6)).toBe(true);
            expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
