import { describe, expect, it } from 'vitest';
import {
  distance,
  independent,
  probability,
} from '../../../src/detection/drift/kolmogorov-smirnov.ts';
import { ScoreDrift } from '../../../src/detection/drift/score-drift.ts';
import { createRandom } from '../../../src/engine/random.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);

interface Life {
  readonly seed: number;
  readonly days: number;
  /** Correlation of a score with the one a minute before. */
  readonly rho?: number;
  /** Added to the score of a day. */
  readonly shift?: (day: number) => number;
  /** Factor on the noise of a day. */
  readonly spread?: (day: number) => number;
  /** Height of a cycle of a day. */
  readonly cycle?: number;
}

/** A score a minute; day (with fraction) on which a drift was first told, or undefined. */
function driftOf({ seed, days, rho = 0, shift = () => 0, spread = () => 1, cycle = 0 }: Life) {
  const random = createRandom(seed);
  const drift = new ScoreDrift({ windowMs: DAY_MS, intervalMs: MINUTE_MS });
  let noise = random.normal();
  for (let minute = 0; minute < days * 1440; minute += 1) {
    noise = rho * noise + Math.sqrt(1 - rho * rho) * random.normal();
    const day = minute / 1440;
    const wave = cycle * Math.sin(2 * Math.PI * day);
    drift.push(START_MS + minute * MINUTE_MS, 10 + wave + shift(day) + spread(day) * noise);
    if (drift.drift) return day;
  }
  return undefined;
}

const seeds = Array.from({ length: 10 }, (_, i) => i + 1);

describe('drift of the normal scores', () => {
  it.each([
    ['white', {}],
    ['correlated over ten minutes', { rho: 0.9 }],
    ['correlated over hours', { rho: 0.99 }],
    ['with a cycle of a day', { cycle: 5 }],
    ['with a cycle and correlated', { cycle: 5, rho: 0.95 }],
  ])('finds none in stationary scores, %s, in 10 x 10 days', (_, life) => {
    const told = seeds.filter((seed) => driftOf({ seed, days: 10, ...life }) !== undefined);
    expect(told).toEqual([]);
  });

  it.each([
    ['a step of one standard deviation', { shift: (day: number) => (day > 3 ? 1 : 0) }],
    ['a step in a cycle', { shift: (day: number) => (day > 3 ? 3 : 0), cycle: 3 }],
    ['a step in correlated scores', { shift: (day: number) => (day > 3 ? 2 : 0), rho: 0.9 }],
    ['scores that become lower', { shift: (day: number) => (day > 3 ? -1 : 0) }],
  ])('is told within a day of %s', (_, life) => {
    for (const seed of seeds) {
      const day = driftOf({ seed, days: 6, ...life });
      expect(day).toBeGreaterThan(3);
      expect(day).toBeLessThan(4);
    }
  });

  it('finds one in scores that rise too slowly for a sliding window', () => {
    for (const seed of seeds) {
      const day = driftOf({ seed, days: 30, shift: (days) => 0.1 * days });
      expect(day).toBeGreaterThan(1);
      expect(day).toBeLessThan(15);
    }
  });

  it('is over when scores are again what they were', () => {
    const random = createRandom(3);
    const drift = new ScoreDrift({ windowMs: DAY_MS, intervalMs: MINUTE_MS });
    const seen = Array.from({ length: 7 }, (_, day) => {
      for (let minute = 0; minute < 1440; minute += 1) {
        const timeMs = START_MS + day * DAY_MS + minute * MINUTE_MS;
        drift.push(timeMs, 10 + (day === 3 ? 2 : 0) + random.normal());
      }
      return drift.drift !== undefined;
    });
    expect(seen).toEqual([false, false, false, true, false, false, false]);
  });

  it('says how far, and since when', () => {
    const drift = new ScoreDrift({ windowMs: DAY_MS, intervalMs: MINUTE_MS });
    const random = createRandom(1);
    for (let minute = 0; minute < 3 * 1440; minute += 1) {
      const level = minute < 1.5 * 1440 ? 1 : 2;
      drift.push(START_MS + minute * MINUTE_MS, level + 0.01 * random.normal());
    }
    expect(drift.drift?.distance).toBe(1);
    expect(drift.drift?.ratio).toBeCloseTo(2, 1);
    expect(drift.drift?.sinceMs).toBeGreaterThan(START_MS + 1.5 * DAY_MS);
    expect(drift.drift?.sinceMs).toBeLessThan(START_MS + 2.5 * DAY_MS);
  });

  it('goes on from its state as if it had not been stopped, and begins anew from nonsense', () => {
    const random = createRandom(4);
    const scores = Array.from({ length: 4 * 1440 }, (_, minute) => [
      START_MS + minute * MINUTE_MS,
      10 + (minute > 3000 ? 1 : 0) + random.normal(),
    ]) as [number, number][];
    const setup = { windowMs: DAY_MS, intervalMs: MINUTE_MS };
    const whole = new ScoreDrift(setup);
    for (const [timeMs, score] of scores) whole.push(timeMs, score);
    const half = scores.findIndex(([timeMs]) => timeMs === START_MS + 2 * DAY_MS);
    const first = new ScoreDrift(setup);
    for (const [timeMs, score] of scores.slice(0, half + 1)) first.push(timeMs, score);
    const second = new ScoreDrift(setup);
    second.restore(JSON.parse(JSON.stringify(first.state())));
    for (const [timeMs, score] of scores.slice(half)) second.push(timeMs, score);
    expect(second.state()).toEqual(whole.state());
    expect(whole.drift).toBeDefined();
    const empty = new ScoreDrift(setup);
    empty.restore({ reference: [1] });
    expect(empty.state()).toEqual(new ScoreDrift(setup).state());
  });
});

describe('the two-sample Kolmogorov-Smirnov test', () => {
  it('finds the greatest distance, also between equal values', () => {
    expect(distance([1, 2, 3, 4], [1, 2, 3, 4])).toBe(0);
    expect(distance([1, 2, 3, 4], [5, 6])).toBe(1);
    expect(distance([1, 1, 2, 2], [1, 2, 2, 2])).toBe(0.25);
    expect(distance([0, 1, 2, 3, 4], [2.5, 3.5])).toBeCloseTo(0.6);
  });

  it('gives the critical values of the tables', () => {
    // asymptotic: D = 1.358 / sqrt(n m / (n + m)) at 5 %, 1.628 at 1 %; the correction vanishes for many
    const n = 2e6;
    expect(probability(1.358 / Math.sqrt(n / 2), n, n)).toBeCloseTo(0.05, 3);
    expect(probability(1.628 / Math.sqrt(n / 2), n, n)).toBeCloseTo(0.01, 3);
    expect(probability(0, 10, 10)).toBe(1);
    expect(probability(1, 100, 100)).toBeLessThan(1e-30);
  });

  it('rejects one pair in twenty of one distribution at 5 %', () => {
    const random = createRandom(1);
    const draw = () => Float64Array.from({ length: 100 }, () => random.normal());
    let rejected = 0;
    for (let i = 0; i < 2000; i++) {
      if (probability(distance(draw(), draw()), 100, 100) < 0.05) rejected += 1;
    }
    expect(rejected / 2000).toBeGreaterThan(0.02);
    expect(rejected / 2000).toBeLessThan(0.065);
  });
});

describe('the share of independent values', () => {
  it('is that of the autoregression', () => {
    const random = createRandom(2);
    for (const rho of [0, 0.5, 0.9]) {
      let value = 0;
      const series = Float64Array.from({ length: 20_000 }, () => {
        value = rho * value + random.normal();
        return value;
      });
      const expected = (1 - rho) / (1 + rho);
      expect(Math.abs(independent(series) - expected)).toBeLessThan(0.1 * expected + 0.01);
    }
  });

  it('is 1 where nothing varies', () => {
    expect(independent(new Float64Array(10).fill(3))).toBe(1);
    expect(independent(new Float64Array(0))).toBe(1);
  });
});
