import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import type { Part } from '../../../src/lab/simulator/lowering/graph.ts';
import { sizeOf } from '../../../src/lab/simulator/storage.ts';
import {
  countedCycles,
  eachTile,
  expectedCycles,
  LANE_MODELS,
  LOOP_ORDERS,
  paddedMacs,
  reuseOf,
} from '../../../src/lab/simulator/tiles.ts';
import { fixedPoint, NO_ZEROS, type TileCounter, Zeros } from '../../../src/lab/simulator/zeros.ts';

const TILE = { batch: 1, rows: 16, columns: 16 };

/** Batch 4, the right operand shared by it. */
const product = (rows: number, inner: number, columns: number, rightShared = true): Part => ({
  ...{ batch: 4, rows, inner, columns, leftShared: false, rightShared },
});

describe('tiles', () => {
  it('cover each product once in all 24 orders', () => {
    expect(new Set(LOOP_ORDERS).size).toBe(24);
    const part = product(20, 33, 9);
    for (const order of LOOP_ORDERS) {
      const seen = new Set<string>();
      let macs = 0;
      eachTile([part], TILE, order, 3, ({ at, size }) => {
        seen.add(at.join());
        macs += size.reduce((all, n) => all * n, 1);
      });
      expect(macs).toBe(4 * 20 * 33 * 9);
      expect(seen.size).toBe(4 * 2 * 3 * 1);
    }
    expect(paddedMacs([part], TILE)).toBe(4 * 32 * 48 * 16);
  });

  // Counted by hand for four lanes that take tiles in turn; the published figure counts an operand as kept if its place along
  // two loops is the same, whatever the third is.
  it.each([
    [64, 64, 64, { bijk: 192, kijb: 192, jbik: 240, jibk: 240, kbij: 240, kibj: 240, bikj: 0 }],
    [64, 64, 128, { bijk: 448, kijb: 448, jbik: 480, jibk: 480 }],
    [128, 64, 64, { bijk: 384, kijb: 384, jbik: 496, jibk: 496, kbij: 496, kibj: 496 }],
  ])(
    'upstream defect 10: keep an operand only if it is the same (%i x %i x %i)',
    (rows, inner, columns, golden) => {
      const reuse = (order: string): number =>
        reuseOf([product(rows, inner, columns)], TILE, order, 4);
      for (const [order, kept] of Object.entries(golden))
        expect([order, reuse(order)]).toEqual([order, kept]);
      const most = Math.max(...LOOP_ORDERS.map(reuse));
      expect(most).toBe(Math.max(...Object.values(golden)));
    },
  );

  it.each([
    [64, 64, 64, 192],
    [64, 64, 128, 448],
    [128, 64, 64, 448],
  ])(
    'keeps less where each window has a right operand of its own (%i x %i x %i)',
    (rows, inner, columns, most) => {
      const part = product(rows, inner, columns, false);
      expect(Math.max(...LOOP_ORDERS.map((order) => reuseOf([part], TILE, order, 4)))).toBe(most);
    },
  );

  it('keeps nothing where both inner loops change both operands', () => {
    expect(reuseOf([product(64, 64, 64)], TILE, 'bikj', 4)).toBe(0);
  });
});

describe('cycles of a lane', () => {
  it('are 256 for the 4,096 multiplications of a tile of 16, and 128 at half of them', () => {
    for (const model of LANE_MODELS) expect(expectedCycles(model, 256, 16, 1, 16)).toBe(256);
    expect(expectedCycles('packed', 256, 16, 0.5, 16)).toBe(128);
  });

  it.each([
    [0.5, [2.0, 1.0, 1.4]],
    [0.25, [3.94, 1.01, 2.0]],
    [0.05, [19.1, 1.76, 2.49]],
  ])('gain from a share of %f what random masks give, within a twentieth', (share, gains) => {
    for (const [m, model] of LANE_MODELS.entries()) {
      const gain = 256 / expectedCycles(model, 256, 16, share, 16);
      expect(gain / (gains[m] as number)).toBeGreaterThan(0.95);
      expect(gain / (gains[m] as number)).toBeLessThan(1.05);
    }
  });

  it('upstream defect 4: zeros of either operand are skipped, counted from masks and as expected', () => {
    const random = createRandom(7);
    const storage = (n: number) => ({ kind: 'value', size: n }) as const;
    const [left, right] = [storage(4096), storage(4096)];
    const draw = (share: number) =>
      Float32Array.from({ length: 4096 }, () => Number(random.uniform() < share));
    const view = { offset: 0, batchDown: 0, outerDown: 64, innerDown: 1 };
    const part = {
      ...product(64, 64, 64),
      ...{ batch: 1, left: { storage: left, ...view }, right: { storage: right, ...view } },
    };
    const masked = (leftShare: number, rightShare: number) => {
      const values = new Map([
        [left, draw(leftShare)],
        [right, draw(rightShare)],
      ] as const);
      const counter = new Zeros(NO_ZEROS, values).counterFor(part) as TileCounter;
      const sums = { nz: 0, cycles: 0, expected: 0 };
      eachTile([part], TILE, 'bijk', 4, (tile) => {
        sums.nz += counter.count(tile);
        sums.cycles += countedCycles('window-32', counter, 16);
        sums.expected += expectedCycles('window-32', 256, 16, leftShare * rightShare, 16);
      });
      return sums;
    };
    const both = masked(0.5, 0.5);
    expect(both.nz / 64 ** 3).toBeCloseTo(0.25, 1);
    expect(both.cycles / both.expected).toBeCloseTo(1, 1);
    // Weights alone save as much as activations alone.
    const saved = masked(1, 0.5).cycles / masked(0.5, 1).cycles;
    expect(Math.abs(saved - 1)).toBeLessThan(0.1);
    expect(masked(1, 0.5).cycles).toBeLessThan(masked(1, 1).cycles);
    expect(masked(1, 1).nz).toBe(64 ** 3);
  });
});

describe('numbers with 16 bits after the point', () => {
  it('give tiled, masked products in every order as floats give them', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const shape = fc.record({ rows: size, inner: size, columns: size });
    fc.assert(
      fc.property(shape, fc.constantFrom(...LOOP_ORDERS), fc.integer(), (sizes, order, seed) => {
        const { rows, inner, columns } = sizes;
        const random = createRandom(seed);
        const draw = (n: number, spread: number) =>
          Float64Array.from({ length: n }, () =>
            random.uniform() < 0.4 ? 0 : spread * (2 * random.uniform() - 1),
          );
        const [a, w] = [draw(rows * inner, 2), draw(inner * columns, 1)];
        const fixed = [a.map(fixedPoint), w.map(fixedPoint)] as const;
        const masked = tiledProduct(fixed, sizes, order, true);
        expect(masked).toEqual(tiledProduct(fixed, sizes, order, false));
        const exact = tiledProduct([a, w], sizes, 'bijk', false);
        const bound = inner * 2 ** -17 * (2 + 1) + 2 ** -17;
        const worst = exact.reduce(
          (most, y, i) => Math.max(most, Math.abs(y - (masked[i] as number))),
          0,
        );
        expect(worst).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 40 },
    );
  });

  it('saturate at 8', () => {
    expect([fixedPoint(100), fixedPoint(-100), fixedPoint(2 ** -18)]).toEqual([
      8 - 2 ** -16,
      -8,
      0,
    ]);
  });
});

describe('compression', () => {
  it('loses memory below 5 % zeros: masks take a bit for each element', () => {
    const bytes = (share: number): number => {
      const matrix = { elements: 80_000, role: 'activation' } as const;
      const size = sizeOf(matrix, new Zeros({ ...NO_ZEROS, activation: share }));
      return size.bytes + size.maskBytes;
    };
    const plain = (80_000 * 20) / 8;
    expect(bytes(0.96)).toBeGreaterThan(plain);
    expect(bytes(0.95)).toBe(plain);
    expect(bytes(0.94)).toBeLessThan(plain);
  });
});

/** (rows, columns), tile by tile; a mask leaves out products with a factor of 0. */
function tiledProduct(
  [a, w]: readonly [Float64Array, Float64Array],
  { rows, inner, columns }: Record<'rows' | 'inner' | 'columns', number>,
  order: string,
  isMasked: boolean,
): Float64Array {
  const y = new Float64Array(rows * columns);
  const part = { ...product(rows, inner, columns), batch: 1 };
  eachTile([part], TILE, order, 4, ({ at: [, i, j, k], size: [, ni, nj, nk] }) => {
    for (let n = 0; n < ni * nj * nk; n += 1) {
      const [row, column] = [i + Math.floor(n / (nj * nk)), j + (Math.floor(n / nk) % nj)];
      const at = k + (n % nk);
      const [left, right] = [a[row * inner + at] as number, w[at * columns + column] as number];
      const skips = isMasked && (left === 0 || right === 0);
      if (!skips) y[row * columns + column] = (y[row * columns + column] as number) + left * right;
    }
  });
  return y;
}
