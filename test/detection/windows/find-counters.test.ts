import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import type { Series } from '../../../src/core/series.ts';
import { counterHintOf, rateUnitOf } from '../../../src/detection/windows/counter-hints.ts';
import { findCounters } from '../../../src/detection/windows/find-counters.ts';
import { createRandom } from '../../../src/engine/random.ts';

/** One channel, a row a second. */
function series(id: string, unit: string, values: readonly number[]): Series {
  return {
    id: 'test',
    channels: [{ id, unit }],
    timeMs: Float64Array.from(values, (_, row) => row * 1000),
    values: Float64Array.from(values),
  };
}

/** Running sum from `start`. */
function summed(start: number, growths: readonly number[]): number[] {
  let sum = start;
  return growths.map((growth) => {
    sum += growth;
    return sum;
  });
}

const times = <T>(count: number, make: (row: number) => T): T[] =>
  Array.from({ length: count }, (_, row) => make(row));

const random = createRandom(3);
/** Bytes of a network, in bursts. */
const traffic = times(1800, (row) => Math.floor((row % 50 < 5 ? 90_000 : 900) * random.uniform()));
const energy = summed(
  4e6,
  times(1800, () => 0.7 / 3.6),
);
const meter = summed(
  532.1,
  times(1800, () => 0.7 / 3600),
).map((energy) => Number(energy.toFixed(2)));

function found(id: string, unit: string, values: readonly number[]) {
  return findCounters(series(id, unit, values), 1000)[0];
}

describe('counters are', () => {
  it.each([
    ['energy that grows by hundredths', 'plug.energy', 'kWh', meter],
    ['energy that rests for the whole lesson', 'plug.energy', 'kWh', times(1800, () => 532.1)],
    ['energy that was corrected once', 'x', 'Wh', energy.map((e, i) => (i > 900 ? e - 3 : e))],
    ['bytes since the start', 'eth0', 'B', summed(3e9, traffic)],
    ['bytes, known by their name alone', 'eth0.rx', '', summed(3e12, traffic)],
    ['a counter without a telling name or unit', 'x', '', summed(0, traffic)],
    ['messages, all alike', 'x', '', times(1800, (row) => 10 + row)],
    ['time since the start', 'uptime', 's', times(1800, (row) => 86_400 * 30 + row)],
    ['a total that begins anew at night', 'total', '', times(1800, (row) => row % 600)],
  ])('%s', (_, id, unit, values) => {
    expect(found(id, unit, values)).toBeDefined();
  });

  it('read with gaps and without numbers', () => {
    const sums = summed(3e9, traffic).map((sum, row) => (row % 7 === 3 ? Number.NaN : sum));
    expect(found('eth0', 'B', sums)).toBeDefined();
    expect(found('eth0', 'B', [...times(100, () => Number.NaN), ...sums])).toBeDefined();
  });

  it('registers that overflow now and then', () => {
    const sums = times(1800, (row) => (row * 300 + Math.floor(200 * random.uniform())) % 2 ** 16);
    expect(found('register', '', sums)).toBeDefined();
  });
});

describe('counters are not', () => {
  const noise = times(1800, () => random.normal());
  it.each([
    ['a temperature that rises', 'cpu', '°C', times(300, (row) => 20 + 0.1 * row)],
    ['one without a unit, smoothly', 'x', '', times(600, (row) => 60 - 40 * Math.exp(-row / 300))],
    ['one without a unit, with noise', 'x', '', noise.map((n, row) => 20 + 0.01 * row + 0.1 * n)],
    ['one of few digits', 'x', '', times(1800, (row) => Math.round(200 + 0.1 * row) / 10)],
    ['a constant', 'x', '', times(1800, () => 5)],
    ['a disk that fills slowly', 'x', '', summed(4e10, traffic)],
    ['a disk that is called so', 'disk.used', 'B', summed(0, traffic)],
    ['a disk in GB', 'disk', 'GB', times(1800, (row) => 40 + 0.001 * row)],
    ['a disk in %', 'disk', '%', times(1800, (row) => 40 + 0.001 * row)],
    [
      'a disk that rests often',
      'x',
      '',
      summed(
        0,
        times(1800, (row) => (row % 30 === 0 ? 5 : 0)),
      ),
    ],
    ['a battery, in kWh', 'battery', 'kWh', times(1800, (row) => 5 + Math.sin(row / 100))],
    ['energy since the last reading', 'x', 'Wh', times(1800, (row) => (row % 2) * 9)],
    ['energy since each reading, of chance', 'x', 'Wh', traffic],
    ['what is 0 with each reading', 'count', '', traffic],
    ['a saw', 'x', '', times(1800, (row) => row % 20)],
    ['a rate', 'network', 'kB/s', summed(0, traffic)],
    ['nothing', 'energy', '', times(1800, () => Number.NaN)],
    ['one reading', 'energy', 'kWh', [3]],
  ])('%s', (_, id, unit, values) => {
    expect(found(id, unit, values)).toBeUndefined();
  });

  it('signals of chance', () => {
    const walk = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 150,
      maxLength: 400,
    });
    fc.assert(
      fc.property(walk, (steps) => {
        fc.pre(steps.filter((step) => step < 0).length > 10);
        expect(found('x', '', summed(100, steps))).toBeUndefined();
      }),
    );
  });

  it('those that the user says are none, and are those of which the user says so', () => {
    const falling = series(
      'x',
      '',
      times(300, (row) => -row),
    );
    expect(findCounters(falling, 1000, { x: true })).toHaveLength(1);
    expect(findCounters(series('plug', 'kWh', meter), 1000, { plug: false })).toEqual([]);
    const unknown = () => findCounters(falling, 1000, { y: true });
    expect(unknown).toThrow(ConfigError);
    expect(unknown).toThrow("counters name y, which 'test' does not have: choose from x");
  });
});

describe('how a counter becomes a rate', () => {
  it('is by the row where it grows with nearly each', () => {
    const rate = found('eth0', 'B', summed(3e9, traffic));
    expect(rate).toMatchObject({ channel: 0, unit: 'B/s', perMs: 1000, rest: 1 });
    expect(rate?.usual).toBeCloseTo(traffic.slice(1).reduce((a, b) => a + b, 0) / 1799, 3);
  });

  it('is over the rests between its steps', () => {
    const rate = found('energy', 'kWh', meter);
    expect(rate?.step).toBeCloseTo(0.01, 6);
    expect(rate?.rest).toBeGreaterThanOrEqual(51);
    expect(rate?.rest).toBeLessThanOrEqual(53);
    expect(rate?.most).toBeCloseTo(0.1, 6);
  });

  it('counts rests in rows of the grid', () => {
    const [rate] = findCounters(series('energy', 'kWh', meter), 10_000);
    expect(rate?.rest).toBeLessThanOrEqual(6);
  });

  it.each([
    ['kWh', 'kWh/h', 3_600_000],
    ['m³', 'm³/h', 3_600_000],
    ['B', 'B/s', 1000],
    ['', '1/s', 1000],
    ['s', 's/s', 1000],
  ])('makes %s to %s', (unit, rate, perMs) => {
    expect(rateUnitOf(unit)).toEqual({ unit: rate, perMs });
  });

  it.each([
    ['plug.energy', 'kWh', 'total'],
    ['disk.written', 'MB', 'likely'],
    ['net.rxBytes_total', '', 'likely'],
    ['latency', 'ms', 'level'],
    ['memory', 'MiB', 'level'],
    ['load', '', 'level'],
    ['x', 'kB/s', 'level'],
    ['x', '', 'unknown'],
  ])('takes %s[%s] for %s', (id, unit, hint) => {
    expect(counterHintOf({ id, unit })).toBe(hint);
  });
});
