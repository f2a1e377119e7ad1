import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../../src/core/errors.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import {
  divergence,
  errorsByCell,
  jensenShannon,
} from '../../../../src/lab/evaluation/consistency/divergence.ts';
import {
  balancing,
  blockLength,
  consistency,
  correlationTime,
  drawnBlocks,
  kappa,
  shuffledBlocks,
} from '../../../../src/lab/evaluation/consistency/report.ts';
import { trialScores, trialsOf } from '../../../../src/lab/evaluation/consistency/trials.ts';
import { golden } from '../../../golden/read.ts';
import { labelsFrom } from '../labels-from.ts';

const reference = golden<{
  tolerance: number;
  pairs: { a: string; b: string; weights: number[]; kappa: number; weighted: number }[];
  counts: { p: number[]; q: number[]; distance: number }[];
}>('consistency.json');

const pairs = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 80 });
const sides = (rows: readonly (readonly [boolean, boolean])[]): [Uint8Array, Uint8Array] => [
  Uint8Array.from(rows, ([a]) => Number(a)),
  Uint8Array.from(rows, ([, b]) => Number(b)),
];

/** Right answers with wrong ones in runs, drawn apart for each seed. */
function runs(n: number, wrong: number, length: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const right = new Uint8Array(n).fill(1);
  for (let start = 0; start + length <= n; start += length) {
    if (random.uniform() < wrong) right.fill(0, start, start + length);
  }
  return right;
}

describe('kappa', () => {
  it("is Cohen's kappa of the right and wrong answers, weighted or not", () => {
    for (const { a, b, weights, kappa: plain, weighted } of reference.pairs) {
      const [right, other] = [labelsFrom(a), labelsFrom(b)];
      expect(Math.abs(kappa(right, other).kappa - plain)).toBeLessThan(reference.tolerance);
      const found = kappa(right, other, Float64Array.from(weights)).kappa;
      expect(Math.abs(found - weighted)).toBeLessThan(reference.tolerance);
    }
  });

  it('is 1 with itself and symmetric, and lies within what the error rates allow', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [a, b] = sides(rows);
        expect(kappa(a, a).kappa).toBeCloseTo(1, 12);
        const found = kappa(a, b);
        expect(kappa(b, a).kappa).toBeCloseTo(found.kappa, 12);
        expect(found.kappa).toBeGreaterThanOrEqual(found.least - 1e-12);
        expect(found.kappa).toBeLessThanOrEqual(found.greatest + 1e-12);
      }),
    );
  });

  it('is -cExp / (1 - cExp) with the opposite', () => {
    const a = labelsFrom('1101110111');
    const found = kappa(
      a,
      a.map((right) => 1 - right),
    );
    expect(found.kappa).toBeCloseTo(-found.cExp / (1 - found.cExp), 12);
  });

  it('gives labelled and unlabelled trials the same say when balanced', () => {
    const weights = balancing(labelsFrom('10000')) ?? new Float64Array(0);
    expect([...weights]).toEqual([0.5, 0.125, 0.125, 0.125, 0.125]);
    expect(balancing(labelsFrom('000'))).toBeUndefined();
  });

  it('refuses trials that are not paired', () => {
    expect(() => kappa(labelsFrom('10'), labelsFrom('1'))).toThrow(ShapeError);
    expect(() => kappa(labelsFrom(''), labelsFrom(''))).toThrow(ShapeError);
  });
});

describe('blocks', () => {
  it('keep every trial once when shuffled, and neighbours together', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        (n, length, seed) => {
          const order = shuffledBlocks(n, length, createRandom(seed));
          expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
          const breaks = order.filter(
            (trial, i) => i > 0 && trial !== ((order[i - 1] ?? 0) + 1) % n,
          ).length;
          expect(breaks).toBeLessThan(Math.ceil(n / length));
          expect(drawnBlocks(n, length, createRandom(seed))).toHaveLength(n);
        },
      ),
    );
  });

  it('are as long as runs of errors ask for', () => {
    expect(correlationTime(new Uint8Array(50).fill(1))).toBe(1);
    expect(correlationTime(runs(4000, 0.2, 20, 1))).toBeGreaterThan(10);
    expect(correlationTime(runs(4000, 0.2, 20, 1))).toBeLessThan(35);
    expect(blockLength(runs(4000, 0.2, 1, 1), runs(4000, 0.2, 1, 2))).toBeLessThan(8);
  });
});

describe('consistency', () => {
  it('holds independent errors in runs for chance, which a test without blocks would not', () => {
    let inside = 0;
    for (let pair = 0; pair < 40; pair++) {
      const a = runs(600, 0.2, 10, 2 * pair + 1);
      const b = runs(600, 0.2, 10, 2 * pair + 2);
      const { kappa: found, chance95 } = consistency(a, b, new Uint8Array(600), createRandom(pair));
      if (found >= chance95[0] && found <= chance95[1]) inside++;
    }
    // 95 % of 40 is 38; fewer than 34 would happen by chance once in a hundred times.
    expect(inside).toBeGreaterThanOrEqual(34);
  });

  it('finds a shared blind spot, and a disjoint one, at the same error rates', () => {
    const a = runs(900, 0.2, 9, 1);
    const noise = runs(900, 0.05, 1, 9);
    const shared = a.map((right, i) => (noise[i] === 0 ? 1 - right : right));
    const disjoint = a.map((_, i) => a[(i + 450) % 900] ?? 1);
    const labels = new Uint8Array(900);
    const repeating = consistency(a, shared, labels, createRandom(1));
    const adding = consistency(a, disjoint, labels, createRandom(1));
    expect(repeating.kappa).toBeGreaterThan(repeating.chance95[1]);
    expect(repeating.pValue).toBeLessThan(0.01);
    expect(repeating.interval95[0]).toBeGreaterThan(0.3);
    expect(adding.kappa).toBeLessThan(repeating.kappa);
    expect(adding.errorsShared).toBeLessThan(repeating.errorsShared);
  });

  it('refuses to say anything of fewer than 20 errors', () => {
    const few = runs(300, 0.02, 1, 5);
    expect(
      consistency(few, runs(300, 0.3, 1, 6), new Uint8Array(300), createRandom(1)).status,
    ).toBe('insufficient');
  });
});

describe('jensenShannon', () => {
  it('equals SciPy', () => {
    for (const { p, q, distance } of reference.counts) {
      expect(Math.abs(jensenShannon(p, q) - distance)).toBeLessThan(reference.tolerance);
    }
  });

  it('is a distance: symmetric, 0 for the same shares, at most sqrt(ln 2), with the triangle inequality', () => {
    const counts = fc
      .array(fc.nat({ max: 50 }), { minLength: 4, maxLength: 4 })
      .filter((c) => c.some((n) => n > 0));
    fc.assert(
      fc.property(counts, counts, counts, (p, q, r) => {
        const d = jensenShannon(p, q);
        expect(jensenShannon(q, p)).toBeCloseTo(d, 12);
        expect(
          jensenShannon(
            p,
            p.map((count) => 3 * count),
          ),
        ).toBeLessThan(1e-7);
        expect(d).toBeLessThanOrEqual(Math.sqrt(Math.LN2) + 1e-12);
        expect(d).toBeLessThanOrEqual(jensenShannon(p, r) + jensenShannon(r, q) + 1e-7);
      }),
    );
  });

  it('says nothing of fewer than 100 errors, and nothing is left of two samples of the same kinds', () => {
    expect(divergence([50, 40], [300, 300], createRandom(1))).toBeUndefined();
    const found = divergence([100, 60, 41], [101, 59, 40], createRandom(1));
    expect(found?.corrected).toBeLessThan(0.01);
    const apart = divergence([200, 10, 10], [10, 10, 200], createRandom(1));
    expect(apart?.corrected).toBeGreaterThan(0.4);
  });

  it('takes the cells off the diagonal for errors', () => {
    expect(
      errorsByCell([
        [9, 1],
        [2, 8],
      ]),
    ).toEqual([1, 2]);
  });
});

describe('trials', () => {
  it('are windows that do not overlap; the rest is dropped', () => {
    expect([...trialsOf(labelsFrom('0010000001'), 3)]).toEqual([1, 0, 0]);
    expect([...trialScores(Float64Array.of(1, 5, 2, 0, 3, 1, 9), 3)]).toEqual([5, 3]);
  });
});
