import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CounterRate } from '../../../src/detection/windows/counter-rate.ts';
import type { ChannelRate } from '../../../src/models/model.ts';

const NONE = Number.NaN;

/** Grows by about 5 with each row; a rate of its readings a second, at a row a second. */
const EACH_ROW: ChannelRate = {
  ...{ channel: 0, unit: 'B/s', perMs: 1000 },
  ...{ usual: 5, rest: 1, step: 5, most: 50 },
};

/** Grows by 0.01 every 36 rows. */
const METER: ChannelRate = {
  ...{ channel: 0, unit: 'kWh/h', perMs: 3_600_000 },
  ...{ usual: 0.01 / 36, rest: 36, step: 0.01, most: 0.1 },
};

function ratesOf(setup: ChannelRate, readings: readonly number[], intervalMs = 1000): number[] {
  const counter = new CounterRate(setup, intervalMs);
  return readings.map((reading) => counter.next(reading));
}

/** So many rows of a meter of two decimals, a row a second, under a load in kW that may change. */
function meter(rows: number, load: (row: number) => number): number[] {
  let energy = 532.1;
  return Array.from({ length: rows }, (_, row) => {
    energy += load(row) / 3600;
    return Math.floor(100 * energy) / 100;
  });
}

describe('the rate of a counter that grows with each row', () => {
  it('is its growth in the unit of the rate, and the usual one until it has grown', () => {
    expect(ratesOf(EACH_ROW, [100, 106, 106, 109])).toEqual([5, 6, 0, 3]);
    expect(ratesOf({ ...EACH_ROW, perMs: 3_600_000 }, [100, 106], 10_000)[1]).toBe(6 * 360);
  });

  it('is that of the last row where nothing is read, and then spreads over the rows without', () => {
    expect(ratesOf(EACH_ROW, [NONE, 100, 104, NONE, NONE, 119])).toEqual([NONE, 5, 4, 4, 4, 5]);
  });

  it('takes a drop for a restart from 0', () => {
    expect(ratesOf(EACH_ROW, [90_000, 90_004, 3, 7])).toEqual([5, 4, 3, 4]);
  });

  it('takes a small drop for a correction downwards', () => {
    expect(ratesOf(EACH_ROW, [90_000, 89_998, 90_002])).toEqual([5, -2, 4]);
  });

  it.each([2 ** 16, 2 ** 32, 2 ** 16 / 10])('goes on over an overflow at %d', (full) => {
    const [, , over] = ratesOf(EACH_ROW, [full - 9, full - 4, 2]);
    expect(over).toBeCloseTo(6, 3);
  });

  it('takes no overflow for one that would be more than is possible', () => {
    expect(ratesOf(EACH_ROW, [60_000, 60_005, 7])).toEqual([5, 5, 7]);
  });

  it('has not grown when it reads 0 once and is back', () => {
    expect(ratesOf(EACH_ROW, [90_000, 90_004, 0, 90_012, 90_016])).toEqual([5, 4, 0, 8, 4]);
    expect(ratesOf(EACH_ROW, [90_000, 90_004, 0, 3, 90_020])).toEqual([5, 4, 0, 3, 16]);
  });

  it('does not explode when it restarts with each row', () => {
    const readings = Array.from({ length: 100 }, (_, row) => 1 + ((row * 7) % 5));
    for (const rate of ratesOf(EACH_ROW, readings)) expect(Math.abs(rate)).toBeLessThanOrEqual(5);
  });

  it('begins anew when it is cleared', () => {
    const counter = new CounterRate(EACH_ROW, 1000);
    for (const reading of [100, 108]) counter.next(reading);
    counter.clear();
    expect(counter.next(5000)).toBe(5);
    expect(counter.next(5002)).toBe(2);
  });

  it('adds up to the growth, whatever is missing, as long as it only grows', () => {
    const growths = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(growths, (rows) => {
        let reading = 1e6;
        const readings = [reading];
        for (const [growth, isRead] of [...rows, [0, true] as const]) {
          reading += growth;
          readings.push(isRead ? reading : NONE);
        }
        const rates = ratesOf(EACH_ROW, readings);
        let [sum, since] = [0, 0];
        readings.slice(1).forEach((found, i) => {
          since++;
          if (Number.isNaN(found)) return;
          sum += since * (rates[i + 1] as number);
          since = 0;
        });
        expect(sum).toBeCloseTo(reading - 1e6, 6);
      }),
    );
  });

  it('is finite and no greater than its readings differ, whatever they are', () => {
    const readings = fc.array(
      fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(NONE)),
      { minLength: 2, maxLength: 40 },
    );
    fc.assert(
      fc.property(readings, fc.constantFrom(EACH_ROW, METER), (all, setup) => {
        const [first, ...rates] = ratesOf({ ...setup, perMs: 1000 }, [0, ...all]);
        expect(first).toBe(setup.usual);
        const reach = all.filter((reading) => !Number.isNaN(reading)).map(Math.abs);
        const most = 2 * Math.max(setup.usual, ...reach) + 1e-9;
        for (const rate of rates) expect(Math.abs(rate)).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('the rate of a counter that rests between steps', () => {
  it('has no peaks at its steps', () => {
    const rates = ratesOf(
      METER,
      meter(4000, () => 0.8),
    ).slice(1000);
    for (const rate of rates) expect(Math.abs(rate - 0.8)).toBeLessThan(0.03);
  });

  it('follows a load that rises, and one that ends', () => {
    const rates = ratesOf(
      METER,
      meter(6000, (row) => (row < 1000 ? 1 : row < 2000 ? 3 : 0)),
    );
    expect(rates[999]).toBeCloseTo(1, 1);
    expect(rates[1500]).toBeGreaterThan(2.5);
    expect(rates[1999]).toBeCloseTo(3, 1);
    expect(rates[2400]).toBeLessThan(0.1);
    expect(rates[5999]).toBeLessThan(0.01);
  });

  it('knows a load that comes back after a night within some steps', () => {
    const rates = ratesOf(
      METER,
      meter(40_000, (row) => (row < 1000 || row >= 39_000 ? 2 : 0.001)),
    );
    expect(Math.max(...rates.slice(3000, 39_000))).toBeLessThan(0.3);
    expect(rates[39_300]).toBeGreaterThan(1.5);
    expect(rates[39_999]).toBeCloseTo(2, 1);
  });

  it('averages steps of chance', () => {
    let reading = 0;
    const readings = Array.from({ length: 5000 }, (_, row) => {
      // 0.01 in one row of 36 on average, by the digits of a fixed sequence
      if ((row * 7919) % 36 === 0 || (row * 104_729) % 5003 < 20) reading += 0.01;
      return reading;
    });
    const rates = ratesOf(METER, readings).slice(500);
    expect(Math.min(...rates)).toBeGreaterThan(0.2);
    expect(Math.max(...rates)).toBeLessThan(4);
  });

  it('begins with the usual rate instead of the first step, which says nothing', () => {
    const rates = ratesOf(
      METER,
      meter(60, () => 1),
    );
    for (const rate of rates) expect(Math.abs(rate - 1)).toBeLessThan(0.2);
  });
});
