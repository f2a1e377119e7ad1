import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { gradientScale } from '../../../src/engine/ops/gradient-scale.ts';
import { meanSquaredError } from '../../../src/engine/ops/mean-squared-error.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { checkOp } from './check-op.ts';

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
