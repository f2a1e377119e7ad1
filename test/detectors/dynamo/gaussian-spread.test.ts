import { describe, expect, it } from 'vitest';
import { probabilityWithin } from '../../../src/detectors/dynamo/gaussian-spread.ts';
import { cholesky } from '../../../src/engine/linear-algebra/cholesky.ts';
import { dense } from '../../../src/engine/linear-algebra/dense.ts';
import { createRandom } from '../../../src/engine/random.ts';

const DRAWS = 100_000;

function correlated(size: number, cells: readonly number[]) {
  const { lower } = cholesky(dense(size, size, Float64Array.from(cells)));
  return { size, lower: lower.values };
}

/** Share of drawn vectors that keep within the limits. */
function drawn(limits: readonly number[], { size, lower }: ReturnType<typeof correlated>): number {
  const random = createRandom(11);
  let inside = 0;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const z = Float64Array.from({ length: size }, () => random.normal());
    const within = limits.every((limit, i) => {
      let x = 0;
      for (let j = 0; j <= i; j += 1) {
        x += (lower[i * size + j] as number) * (z[j] as number);
      }
      return Math.abs(x) <= limit;
    });
    if (within) inside += 1;
  }
  return inside / DRAWS;
}

describe('probability within limits', () => {
  it('is that of one number without correlation, multiplied', () => {
    const one = 0.6826894921;
    const limits = [1, 1, 1];
    const free = correlated(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    for (const count of [1, 2, 3]) {
      expect(probabilityWithin(limits, free, count)).toBeCloseTo(one ** count, 5);
    }
  });

  it.each([
    ['two, of 0.3', [0.8, 1.3], [1, 0.3, 0.3, 1]],
    ['two, of 0.9', [1, 0.5], [1, 0.9, 0.9, 1]],
    ['two, of -0.6', [2.2, 0.4], [1, -0.6, -0.6, 1]],
    ['two that are almost sure', [40, 3], [1, 0.9, 0.9, 1]],
    ['three of a chain', [1, 0.8, 1.2], [1, 0.7, 0.49, 0.7, 1, 0.7, 0.49, 0.7, 1]],
    ['three of signs', [0.6, 2, 1], [1, -0.5, 0.2, -0.5, 1, 0.3, 0.2, 0.3, 1]],
    ['three that hold together', [0.5, 0.9, 0.7], [1, 0.9, 0.85, 0.9, 1, 0.9, 0.85, 0.9, 1]],
  ])('agrees with drawn ones: %s', (_, limits, cells) => {
    const correlation = correlated(limits.length, cells);
    const p = probabilityWithin(limits, correlation, limits.length);
    const error = Math.sqrt((p * (1 - p)) / DRAWS);
    expect(Math.abs(p - drawn(limits, correlation))).toBeLessThan(4 * error + 2e-4);
  });

  it('falls with each number more, and is 0 where nothing is let through', () => {
    const correlation = correlated(3, [1, 0.8, 0.6, 0.8, 1, 0.8, 0.6, 0.8, 1]);
    const [one = 0, two = 0, three = 0] = [1, 2, 3].map((count) =>
      probabilityWithin([1, 1, 1], correlation, count),
    );
    expect(one).toBeGreaterThan(two);
    expect(two).toBeGreaterThan(three);
    expect(probabilityWithin([0, 1, 1], correlation, 3)).toBe(0);
  });
});
