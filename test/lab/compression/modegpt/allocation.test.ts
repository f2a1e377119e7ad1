import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  keptColumns,
  MOST_REMOVED,
  removedShares,
  sharesByError,
} from '../../../../src/lab/compression/modegpt/allocation.ts';

describe('the shares that parts lose by their errors', () => {
  const cases = fc
    .array(
      fc.record({
        columns: fc.integer({ min: 4, max: 128 }),
        cost: fc.integer({ min: 1, max: 200 }),
        error: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 9 },
    )
    .map((parts) => ({
      parts: parts.map((part) => ({ ...part, least: 1 })),
      errors: parts.map(({ error }) => error),
    }));
  const cubed = (errors: readonly number[], shares: readonly number[]) =>
    shares.reduce((sum, share, p) => sum + Math.max(errors[p] as number, 1e-6) * share ** 3, 0);

  /** The shares after a little less of one part and as many numbers more of another, wherever that is possible. */
  const exchanges = (shares: readonly number[], numbers: readonly number[]) =>
    [...shares.keys()].flatMap((a) =>
      [...shares.keys()].flatMap((b) => {
        const step = 1e-4 * Math.min(numbers[a] as number, numbers[b] as number);
        const more = (shares[a] as number) + step / (numbers[a] as number);
        const less = (shares[b] as number) - step / (numbers[b] as number);
        const isPossible = a !== b && more <= MOST_REMOVED && less >= 0;
        return isPossible ? [shares.with(a, more).with(b, less)] : [];
      }),
    );

  it('remove what is asked for, none beyond the cap, and more where the error is less', () => {
    fc.assert(
      fc.property(
        cases,
        fc.double({ min: 0, max: MOST_REMOVED, noNaN: true }),
        ({ parts, errors }, ratio) => {
          const shares = sharesByError(parts, errors, ratio);
          const numbers = parts.map(({ columns, cost }) => columns * cost);
          const sum = (of: (p: number) => number) => numbers.reduce((all, _, p) => all + of(p), 0);
          const all = sum((p) => numbers[p] as number);
          const gone = sum((p) => (shares[p] as number) * (numbers[p] as number));
          expect(gone / all).toBeCloseTo(ratio, 9);
          expect(Math.max(...shares)).toBeLessThanOrEqual(MOST_REMOVED);
          // No exchange of parameters between two parts makes the sum of the errors less.
          for (const other of exchanges(shares, numbers)) {
            expect(cubed(errors, other)).toBeGreaterThan(cubed(errors, shares) * (1 - 1e-9));
          }
        },
      ),
    );
  });

  it('are those of the closed form where none is at the cap', () => {
    const parts = [
      { columns: 10, least: 1, cost: 4 },
      { columns: 10, least: 1, cost: 4 },
      { columns: 40, least: 1, cost: 4 },
    ];
    // sqrt(n / e) is 20, 10 and 20, and 40 (20 x + 10 x) + 160 (20 x) = .2 (240) at x = .011.
    const [first, second, third] = sharesByError(parts, [0.1, 0.4, 0.4], 0.2) as number[];
    const x = 48 / 4400;
    expect([first, second, third].map((one) => (one as number) / x)).toEqual(
      [20, 10, 20].map((one) => expect.closeTo(one, 9)),
    );
  });
});

describe('the shares that layers lose', () => {
  it('have the ratio as their mean, none above the cap, and less where a layer matters more', () => {
    const cases = fc.record({
      importance: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
        minLength: 1,
        maxLength: 8,
      }),
      ratio: fc.double({ min: 0, max: MOST_REMOVED, noNaN: true }),
      temperature: fc.double({ min: 1e-3, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ importance, ratio, temperature }) => {
        const shares = removedShares(importance, ratio, temperature);
        const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
        expect(mean).toBeCloseTo(ratio, 9);
        expect(Math.max(...shares)).toBeLessThanOrEqual(MOST_REMOVED + 1e-12);
        for (const [a, one] of importance.entries()) {
          for (const [b, other] of importance.entries()) {
            if (one < other) {
              expect(shares[a]).toBeGreaterThanOrEqual((shares[b] as number) - 1e-12);
            }
          }
        }
      }),
    );
  });

  it('become whole numbers that keep the sum of the parameters, as multiples where that saves time', () => {
    const parts = [
      { columns: 64, least: 1, cost: 10 },
      { columns: 64, least: 1, cost: 10 },
      { columns: 12, least: 2, cost: 10 },
      { columns: 64, least: 1, cost: 10 },
    ];
    const removed = [0.3, 0.3, 0.3, 0];
    expect(keptColumns(parts, removed, 1)).toEqual([45, 45, 8, 64]);
    expect(keptColumns(parts, removed, 16)).toEqual([48, 48, 2, 64]);
    expect(keptColumns(parts.slice(0, 2), removed, 16)).toEqual([48, 48]);
    const many = Array.from({ length: 40 }, () => parts[0] as (typeof parts)[number]);
    const shares = many.map(() => 0.3);
    const kept = keptColumns(many, shares, 16).reduce((sum, columns) => sum + columns, 0);
    expect(Math.abs(kept / (40 * 64) - 0.7)).toBeLessThan(0.01);
  });

  it('refuse a ratio that leaves too little', () => {
    expect(() => removedShares([0], 0.9, 1)).toThrow('the ratio is 0.9, at most 0.8');
  });
});
