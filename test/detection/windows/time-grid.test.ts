import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { TimeGrid } from '../../../src/detection/windows/time-grid.ts';

interface Row {
  readonly timeMs: number;
  readonly values: number[];
  readonly imputed: number[];
  readonly restarted: boolean;
}

const HOUR_MS = 3_600_000;

function grid(width = 1, intervalMs = 1000, maxGap = 3) {
  return new TimeGrid(width, intervalMs, { maxGap, maxClockJumpMs: 10_000 });
}

function push(target: TimeGrid, timeMs: number, ...values: number[]): Row[] {
  const rows: Row[] = [];
  for (let due = target.push(timeMs, Float64Array.from(values)); due > 0; due--) {
    target.advance();
    const { restarted } = target;
    rows.push({
      timeMs: target.timeMs,
      values: [...target.values],
      imputed: [...target.imputed],
      restarted,
    });
    expect(target.imputedCells).toBe(target.imputed.reduce((sum, cell) => sum + cell, 0));
  }
  return rows;
}

describe('time-grid', () => {
  it('gives each sample of a regular stream at once and unchanged', () => {
    const target = grid(2);
    expect(push(target, 5300, 1, 2)).toEqual([
      { timeMs: 5300, values: [1, 2], imputed: [0, 0], restarted: true },
    ]);
    expect(push(target, 6300, 3, 4)).toEqual([
      { timeMs: 6300, values: [3, 4], imputed: [0, 0], restarted: false },
    ]);
  });

  it('snaps a jittered sample to the nearest row', () => {
    const target = grid();
    push(target, 0, 1);
    expect(push(target, 1180, 2)).toMatchObject([{ timeMs: 1000, values: [2] }]);
    expect(push(target, 1890, 3)).toMatchObject([{ timeMs: 2000, values: [3] }]);
  });

  it('averages the readings since the row before', () => {
    const target = grid();
    push(target, 0, 1);
    expect(push(target, 200, 10)).toEqual([]);
    expect(push(target, 400, 20)).toEqual([]);
    expect(push(target, 600, 60)).toMatchObject([{ timeMs: 1000, values: [30], imputed: [0] }]);
  });

  it('joins samples that each carry some of the channels', () => {
    const target = grid(2);
    push(target, 0, 1, 2);
    expect(push(target, 400, Number.NaN, 8)).toEqual([]);
    expect(push(target, 1000, 5, Number.NaN)).toMatchObject([{ values: [5, 8], imputed: [0, 0] }]);
  });

  it('puts each reading into exactly one row, in order', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 3400 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(steps, fc.constantFrom(250, 1000, 1700), (dts, intervalMs) => {
        const target = grid(1, intervalMs, 1000);
        let timeMs = 0;
        let sum = 0;
        let lastMs = Number.NEGATIVE_INFINITY;
        let pending: number[] = [];
        for (const [i, dt] of dts.entries()) {
          timeMs += dt;
          pending.push(2 ** (i % 40));
          for (const row of push(target, timeMs, 2 ** (i % 40))) {
            expect(row.timeMs).toBeGreaterThan(lastMs);
            lastMs = row.timeMs;
            if (row.imputed[0]) continue;
            // The row's mean times the readings it may hold must use up a prefix of those not seen in a row yet.
            const taken = prefixWithMean(pending, row.values[0] as number);
            expect(taken).toBeGreaterThan(0);
            sum += taken;
            pending = pending.slice(taken);
          }
        }
        expect(sum + pending.length).toBe(dts.length);
      }),
    );
  });

  it('holds the last row for up to maxGap missing rows and marks them', () => {
    const target = grid();
    push(target, 0, 7);
    expect(push(target, 4000, 9)).toEqual([
      { timeMs: 1000, values: [7], imputed: [1], restarted: false },
      { timeMs: 2000, values: [7], imputed: [1], restarted: false },
      { timeMs: 3000, values: [7], imputed: [1], restarted: false },
      { timeMs: 4000, values: [9], imputed: [0], restarted: false },
    ]);
  });

  it('gives readings from before a gap to the first missing row', () => {
    const target = grid();
    push(target, 0, 7);
    push(target, 300, 3);
    expect(push(target, 2000, 9)).toMatchObject([
      { timeMs: 1000, values: [3], imputed: [0] },
      { timeMs: 2000, values: [9], imputed: [0] },
    ]);
  });

  it('restarts after a longer gap, without filling', () => {
    const target = grid();
    push(target, 0, 7);
    expect(push(target, 5000, 9)).toEqual([
      { timeMs: 5000, values: [9], imputed: [0], restarted: true },
    ]);
    expect(push(target, 6000, 9)).toMatchObject([{ restarted: false }]);
  });

  it('restarts when the clock jumps an hour forward or back', () => {
    const target = grid();
    push(target, HOUR_MS, 7);
    expect(push(target, 2 * HOUR_MS, 8)).toMatchObject([{ timeMs: 2 * HOUR_MS, restarted: true }]);
    expect(push(target, HOUR_MS + 1000, 9)).toEqual([
      { timeMs: HOUR_MS + 1000, values: [9], imputed: [0], restarted: true },
    ]);
  });

  it('drops what is late, and goes on', () => {
    const target = grid();
    push(target, 0, 1);
    push(target, 5000 - 1000, 2);
    expect(push(target, 1000, 99)).toEqual([]);
    expect(push(target, 5000, 3)).toMatchObject([{ timeMs: 5000, values: [3], restarted: false }]);
  });

  it('counts an exact repeat once, but joins different readings of one instant', () => {
    const target = grid(2);
    push(target, 0, 1, 1);
    push(target, 0, 1, 1);
    push(target, 0, 9, Number.NaN);
    expect(push(target, 1000, 3, 3)).toMatchObject([{ values: [6, 3] }]);
  });

  it('keeps the last value of one silent channel, and NaN if it never had one', () => {
    const target = grid(3);
    push(target, 0, 1, 2, Number.NaN);
    for (let i = 1; i < 20; i++) {
      expect(push(target, i * 1000, i, Number.NaN, Number.POSITIVE_INFINITY)).toEqual([
        { timeMs: i * 1000, values: [i, 2, Number.NaN], imputed: [0, 1, 1], restarted: false },
      ]);
    }
  });

  describe('with a counter beside a level', () => {
    const rate = { channel: 1, unit: 'B/s', perMs: 1000, usual: 7, rest: 1, step: 7, most: 70 };
    const counting = (maxGap = 3) =>
      new TimeGrid(2, 1000, { maxGap, maxClockJumpMs: 10_000 }, [rate]);
    const rates = (rows: readonly Row[]) => rows.map(({ values }) => values[1]);

    it('gives the rate of the one and the readings of the other', () => {
      const target = counting();
      push(target, 0, 20, 1000);
      expect(push(target, 1000, 21, 1006)).toMatchObject([{ values: [21, 6], imputed: [0, 0] }]);
      expect(push(target, 2000, 22, Number.NaN)).toMatchObject([
        { values: [22, 6], imputed: [0, 1] },
      ]);
      expect(rates(push(target, 3000, 23, 1014))).toEqual([4]);
    });

    it('goes by the last reading of a row, so that a restart within it is seen', () => {
      const target = counting();
      push(target, 0, 20, 1000);
      push(target, 1000, 20, 1006);
      push(target, 1200, 20, 1008);
      push(target, 1400, 20, 0);
      expect(push(target, 2000, 23, 3)).toMatchObject([{ values: [21, 3] }]);
    });

    it('spreads growth over a short gap, and begins anew after a long one or a jump of the clock', () => {
      const target = counting();
      push(target, 0, 1, 1000);
      push(target, 1000, 1, 1006);
      expect(rates(push(target, 4000, 1, 1021))).toEqual([6, 6, 5]);
      expect(rates(push(target, HOUR_MS, 1, 90_000))).toEqual([7]);
      expect(rates(push(target, HOUR_MS + 1000, 1, 90_004))).toEqual([4]);
      expect(rates(push(target, 9000, 1, 90_009))).toEqual([7]);
      expect(rates(push(target, 10_000, 1, 90_011))).toEqual([2]);
    });
  });

  it('takes a sample without any reading for no sample', () => {
    const target = grid(1, 1000, 1);
    push(target, 0, 1);
    expect(push(target, 1000, Number.NaN)).toEqual([]);
    expect(push(target, 2000, Number.NaN)).toEqual([]);
    expect(push(target, 3000, 4)).toMatchObject([{ timeMs: 3000, restarted: true }]);
  });

  it('refuses another width and a time that is none', () => {
    expect(() => push(grid(2), 0, 1)).toThrow(ShapeError);
    expect(() => push(grid(2), 0, 1)).toThrow(/sample has 1 values, the stream has 2 channels/);
    expect(() => push(grid(1), Number.NaN, 1)).toThrow(RangeError);
    expect(() => grid().advance()).toThrow(RangeError);
  });
});

function prefixWithMean(readings: readonly number[], mean: number): number {
  let sum = 0;
  for (const [i, reading] of readings.entries()) {
    sum += reading;
    if (sum / (i + 1) === mean) return i + 1;
  }
  return 0;
}
