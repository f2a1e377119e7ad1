import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  keptColumns,
  MOST_REMOVED,
  removedShares,
} from '../../../../src/lab/compression/modegpt/allocation.ts';

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
      { columns: 64, least: 1, cost: 10, removed: 0.3 },
      { columns: 64, least: 1, cost: 10, removed: 0.3 },
      { columns: 12, least: 2, cost: 10, removed: 0.3 },
      { columns: 64, least: 1, cost: 10, removed: 0 },
    ];
    expect(keptColumns(parts, 1)).toEqual([45, 45, 8, 64]);
    expect(keptColumns(parts, 16)).toEqual([48, 48, 2, 64]);
    expect(keptColumns(parts.slice(0, 2), 16)).toEqual([48, 48]);
    const many = Array.from({ length: 40 }, () => parts[0] as (typeof parts)[number]);
    const kept = keptColumns(many, 16).reduce((sum, columns) => sum + columns, 0);
    expect(Math.abs(kept / (40 * 64) - 0.7)).toBeLessThan(0.01);
  });

  it('refuse a ratio that leaves too little', () => {
    expect(() => removedShares([0], 0.9, 1)).toThrow('the ratio is 0.9, at most 0.8');
  });
});
