// Sums, products and slices, element by element.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { columns, concatColumns } from '../../../src/engine/ops/columns.ts';
import { add, gradientScale, multiplyElements, scale } from '../../../src/engine/ops/elements.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { against, checkOp } from './check-op.ts';
import { exact } from './exact.ts';

const size = fc.integer({ min: 1, max: 19 });
const shapes = fc.record({ a: size, b: size, c: size });

describe.each([
  ['add', add],
  ['multiply-elements', multiplyElements],
] as const)('%s', (name, combine) => {
  it('computes what PyTorch computes', () => {
    checkGolden(name, (tape, [a, b]) => combine(tape, a as Tensor, b as Tensor));
  });

  it('has the gradients of central differences, whichever last axes meet, and the kernels agree', () => {
    const cases = fc.record({ shape: shapes, leading: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(cases, ({ shape: { a, b, c }, leading }) => {
        checkOp((tape) => {
          const x = tape.input([a, b, c], { gradient: true });
          const other = tape.parameter('b', [a, b, c].slice(leading));
          return against(tape, [x], combine(tape, x, other));
        });
      }),
      { numRuns: 8 },
    );
  });

  it('takes the same tensor twice', () => {
    checkOp((tape) => {
      const x = tape.input([3, 5], { gradient: true });
      return against(tape, [x], combine(tape, x, x));
    });
  });

  it('refuses shapes that do not meet', () => {
    const tape = new Tape();
    const x = tape.input([2, 3, 4]);
    expect(() => combine(tape, x, tape.input([3]))).toThrow(
      '3 does not fit 2x3x4: expected the same shape, or its last axes',
    );
    expect(() => combine(tape, x, tape.input([1, 2, 3, 4]))).toThrow(RangeError);
  });
});

describe('scale', () => {
  it('has the gradients of central differences, and the kernels agree', () => {
    checkOp((tape) => {
      const x = tape.input([3, 7], { gradient: true });
      return against(tape, [x], scale(tape, x, -0.3));
    });
  });

  it('refuses a factor that is no number', () => {
    const tape = new Tape();
    expect(() => scale(tape, tape.input([2]), Number.NaN)).toThrow('the factor is NaN');
  });
});

describe('columns and concatColumns', () => {
  it('have the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(shapes, ({ a, b, c }) => {
        checkOp((tape) => {
          const x = tape.input([2, a, b + c], { gradient: true });
          const fixed = tape.input([2, a, 3]);
          // The halves change places; the second appears twice.
          const left = columns(tape, x, 0, b);
          const right = columns(tape, x, b, c);
          const output = concatColumns(tape, [right, left, fixed, right]);
          return against(tape, [x, fixed], output);
        });
      }),
      { numRuns: 8 },
    );
  });

  it('undo each other', () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 5 }), (widths) => {
        const tape = new Tape();
        const parts = widths.map((width) => tape.input([2, width]));
        const whole = concatColumns(tape, parts);
        const begins = widths.map((_, i) => widths.slice(0, i).reduce((sum, w) => sum + w, 0));
        const cut = widths.map((width, i) => columns(tape, whole, begins[i] as number, width));
        const program = exact(tape, { outputs: [...parts, ...cut] });
        for (const [i, part] of parts.entries()) {
          program.valuesOf(part).forEach((_, j, cells) => {
            cells[j] = 100 * i + j;
          });
        }
        program.forward();
        for (const [i, part] of parts.entries()) {
          expect(program.valuesOf(cut[i] as Tensor)).toEqual(program.valuesOf(part));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('refuse columns that are not there, and neighbours of another height', () => {
    const tape = new Tape();
    const x = tape.input([2, 3, 4]);
    expect(() => columns(tape, x, 2, 3)).toThrow('rows of 4 do not have 3 columns from 2 on');
    expect(() => columns(tape, x, -1, 2)).toThrow(RangeError);
    expect(() => columns(tape, x, 0, 0)).toThrow(RangeError);
    expect(() => columns(tape, x, 0.5, 1)).toThrow(RangeError);
    expect(() => concatColumns(tape, [x, tape.input([2, 2, 4])])).toThrow(
      '2x2x4 cannot be concatenated with 2x3x4: only the last axis may differ',
    );
    expect(() => concatColumns(tape, [])).toThrow('there are no tensors to concatenate');
  });
});

const kernels = await loadKernels('auto');

function gradientWith(ratio: number): { output: number[]; gradient: number[] } {
  const tape = new Tape();
  const x = tape.input([3, 5], { gradient: true });
  const output = gradientScale(tape, x, ratio);
  const target = tape.input([3, 5]);
  const loss = meanSquaredError(tape, output, target);
  const program = kernels.compile(tape, { loss, outputs: [output] });
  program.valuesOf(x).forEach((_, i, cells) => {
    cells[i] = Math.sin(i + 1);
  });
  program.forward();
  program.backward();
  return { output: [...program.valuesOf(output)], gradient: [...program.gradientOf(x)] };
}

describe('gradient-scale', () => {
  it('leaves the numbers as they are', () => {
    const wanted = Float32Array.from({ length: 15 }, (_, i) => Math.sin(i + 1));
    expect(gradientWith(0.25).output).toEqual([...wanted]);
  });

  it('makes the gradient so many times as large', () => {
    const whole = gradientWith(1).gradient;
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(0.01);
    // A power of two, so that the products are exact.
    expect(gradientWith(0.25).gradient).toEqual(whole.map((slope) => slope / 4));
    expect(gradientWith(0).gradient.every((slope) => slope === 0)).toBe(true);
  });

  it('has the gradients of central differences at 1, and the kernels agree', () => {
    checkOp((tape) => {
      const x = tape.input([2, 7], { gradient: true });
      const target = tape.input([2, 7]);
      const output = gradientScale(tape, x, 1);
      const loss = meanSquaredError(tape, output, target);
      return { inputs: [x, target], loss, outputs: [output] };
    });
  });

  it('refuses a ratio below 0 or beyond numbers', () => {
    const tape = new Tape();
    const x = tape.input([2]);
    expect(() => gradientScale(tape, x, -1)).toThrow('the ratio is -1');
    expect(() => gradientScale(tape, x, Number.NaN)).toThrow('the ratio is NaN');
  });
});
