import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineMix, fourierMix } from '../../../src/engine/ops/mixes.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { against, checkOp } from './check-op.ts';
import { plainRun } from './plain-run.ts';

describe.each([fourierMix, cosineMix])('$name', (mix) => {
  const cases = fc.record({
    windows: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 13 }),
    heads: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 9 }),
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(cases, ({ windows, rows, heads, width }) => {
        checkOp((tape) => {
          const x = tape.input([windows, rows, heads * width], { gradient: true });
          const y = mix(tape, x, { heads });
          return against(tape, [x], y);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('gathers what is the same everywhere in one place', () => {
    const [first, ...others] = plainRun((tape) =>
      mix(tape, tape.constant([1, 5, 3], new Float64Array(15).fill(2)), { heads: 1 }),
    );
    expect(first).toBeCloseTo(2 * Math.sqrt(15), 12);
    for (const value of others) expect(value).toBeCloseTo(0, 12);
  });

  it('refuses heads that do not divide the columns, and what is no batch of windows', () => {
    const tape = new Tape();
    expect(() => mix(tape, tape.input([2, 5, 6]), { heads: 4 })).toThrow(
      '6 columns cannot be shared by 4 heads: the number of heads must divide them',
    );
    expect(() => mix(tape, tape.input([5, 6]), { heads: 2 })).toThrow('it needs 3 axes');
  });
});

it('cosineMix keeps the sum of squares', () => {
  const values = [1, -2, 0.5, 4, 3, -1];
  const mixed = plainRun((tape) => cosineMix(tape, tape.constant([1, 3, 2], values), { heads: 1 }));
  const energy = (numbers: readonly number[]) => numbers.reduce((sum, v) => sum + v * v, 0);
  expect(energy(mixed)).toBeCloseTo(energy(values), 12);
});
