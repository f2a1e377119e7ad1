import { describe, expect, it } from 'vitest';
import { pot } from '../../../src/detection/thresholds/pot.ts';
import { createRandom, type Random } from '../../../src/engine/random.ts';
import { THRESHOLD_CONTEXT } from '../../threshold-context.ts';

/** Each score a peak of its own: the laws below draw independent scores. */
function create(options: Record<string, unknown> = {}) {
  return pot.create(pot.options.parse({ runLength: 0, ...options }), THRESHOLD_CONTEXT);
}

function draw(seed: number, count: number, law: (random: Random) => number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => law(random));
}

const laws: Record<string, { law: (random: Random) => number; beyond: (z: number) => number }> = {
  exponential: { law: (random) => -Math.log(1 - random.uniform()), beyond: (z) => Math.exp(-z) },
  'half normal': { law: (random) => Math.abs(random.normal()), beyond: (z) => 2 * upperNormal(z) },
  'sum of squares': {
    law: (random) => random.normal() ** 2 + random.normal() ** 2,
    beyond: (z) => Math.exp(-z / 2),
  },
  'log-normal': {
    law: (random) => Math.exp(0.5 * random.normal()),
    beyond: (z) => upperNormal(2 * Math.log(z)),
  },
};

const RISK = 1e-4;

/** Levels after calibration on `size` scores, one for each of 60 seeds, ascending. */
function levels(name: string, size: number, options: Record<string, unknown> = {}): number[] {
  const { law } = laws[name] as (typeof laws)[string];
  return Array.from({ length: 60 }, (_, seed) => {
    const threshold = create({ risk: RISK, ...options });
    threshold.fit(draw(seed + 1, size, law));
    return threshold.judge(0).level;
  }).sort((a, b) => a - b);
}

/** Mean share of normal scores beyond the level, over the risk. */
function excessRisk(name: string, size: number, options: Record<string, unknown> = {}): number {
  const { beyond } = laws[name] as (typeof laws)[string];
  return levels(name, size, options).reduce((sum, level) => sum + beyond(level), 0) / 60 / RISK;
}

/** The level that is exceeded with exactly the risk. */
function trueLevel(name: string): number {
  const { beyond } = laws[name] as (typeof laws)[string];
  let [low, high] = [1, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (beyond(middle) > RISK) low = middle;
    else high = middle;
  }
  return low;
}

describe('pot', () => {
  it.each(Object.keys(laws))('%s: a short calibration costs at most 3 times the risk', (name) => {
    expect(excessRisk(name, 500)).toBeLessThan(3);
  });

  it.each(Object.keys(laws))('%s: a long calibration comes near the risk', (name) => {
    const ratio = excessRisk(name, 20_000);
    expect(ratio).toBeGreaterThan(0.1);
    expect(ratio).toBeLessThan(1.5);
  });

  it.each(Object.keys(laws))(
    '%s: nine levels of ten are within 0.7 to 1.5 of the true one',
    (name) => {
      const found = levels(name, 500).map((level) => level / trueLevel(name));
      expect(found[3]).toBeGreaterThan(0.7);
      expect(found[56]).toBeLessThan(1.5);
    },
  );

  it('false alarms at least 3 times as often on a short calibration without bounds on the shape', () => {
    for (const name of Object.keys(laws)) {
      const free = excessRisk(name, 500, { minShape: -0.5, maxShape: 1 });
      expect(free).toBeGreaterThan(3 * excessRisk(name, 500));
    }
  });

  it('keeps the false-alarm rate near the risk while it learns stationary scores', () => {
    const law = (random: Random) => -Math.log(1 - random.uniform());
    let alarms = 0;
    const [streams, rows, risk] = [4, 10_000, 5e-3];
    for (let seed = 1; seed <= streams; seed++) {
      const threshold = create({ risk, maxPeaks: 200 });
      threshold.fit(draw(seed, 1000, law));
      for (const score of draw(seed + 100, rows, law)) {
        if (threshold.judge(score).anomalous) alarms++;
        else threshold.learn(score);
      }
    }
    // 200 are expected, twice as many if the tail were learned without its end; Poisson's band is +-3 * 14.
    expect(alarms).toBeGreaterThan(130);
    expect(alarms).toBeLessThan(270);
  });

  it('comes nearer to the true level by learning', () => {
    const law = (random: Random) => -Math.log(1 - random.uniform());
    let before = 0;
    let after = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const threshold = create({ risk: 1e-4 });
      threshold.fit(draw(seed, 300, law));
      before += Math.abs(threshold.judge(0).level - Math.log(1e4));
      for (const score of draw(seed + 500, 5000, law)) {
        if (!threshold.judge(score).anomalous) threshold.learn(score);
      }
      after += Math.abs(threshold.judge(0).level - Math.log(1e4));
    }
    expect(after).toBeLessThan(before / 1.5);
  });

  it('keeps the rate of excursions near the risk when neighbouring scores are alike', () => {
    const [rows, risk] = [60_000, 1e-3];
    let excursions = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const scores = smooth(draw(seed, 2000 + rows, (random) => -Math.log(1 - random.uniform())));
      const threshold = create({ risk, runLength: 10 });
      threshold.fit(scores.subarray(0, 2000));
      excursions += excursionsOf(threshold, scores.subarray(2000));
    }
    expect(excursions / (3 * rows)).toBeGreaterThan(risk / 3);
    expect(excursions / (3 * rows)).toBeLessThan(risk * 2);
  });

  it('does not make every tiny score an alarm when calibration was constant', () => {
    for (const constant of [0, 1e-9]) {
      const threshold = create();
      threshold.fit(new Float64Array(500).fill(constant));
      expect(threshold.judge(0.5)).toEqual({ anomalous: false, level: 1 });
      expect(threshold.judge(1.5).anomalous).toBe(true);
    }
  });

  it('takes one false alarm a day for its risk, within what some hundred scores can tell', () => {
    const levelOf = (intervalMs: number, risk: number | 'daily' = 'daily'): number => {
      const threshold = pot.create(pot.options.parse({ risk }), {
        ...THRESHOLD_CONTEXT,
        intervalMs,
      });
      threshold.fit(draw(1, 2000, (random) => -Math.log(1 - random.uniform())));
      return threshold.judge(0).level;
    };
    const [second, minute, hour] = [1000, 60_000, 3_600_000];
    expect(levelOf(minute)).toBe(levelOf(second, 60 / 86_400));
    expect(levelOf(second)).toBe(levelOf(minute, 1e-4));
    expect(levelOf(hour)).toBe(levelOf(second, 2e-3));
    expect(levelOf(minute)).toBeLessThan(levelOf(second));
  });

  it('never goes below the minimum level', () => {
    const threshold = create({ minimumLevel: 0.25 });
    threshold.fit(draw(1, 1000, (random) => 1e-9 * random.uniform()));
    expect(threshold.judge(0.2)).toEqual({ anomalous: false, level: 0.25 });
  });

  it('refuses a risk that leaves no tail, and bounds the wrong way round', () => {
    const message = (options: unknown) => pot.options.safeParse(options).error?.issues[0]?.message;
    expect(message({ risk: 0.01, initialQuantile: 0.98 })).toMatch(/at most a tenth/);
    expect(message({ risk: 0.01, initialQuantile: 0.9 })).toBeUndefined();
    expect(message({ minShape: 0.4, maxShape: 0.2 })).toMatch(/minShape/);
  });
});

/** Alarms at least ten scores after the one before, while the threshold goes on learning. */
function excursionsOf(threshold: ReturnType<typeof create>, scores: Float64Array): number {
  let excursions = 0;
  let quiet = 10;
  for (const score of scores) {
    const { anomalous } = threshold.judge(score);
    if (anomalous && quiet >= 10) excursions++;
    quiet = anomalous ? 0 : quiet + 1;
    if (anomalous) threshold.reject(score, 'anomalous');
    else threshold.learn(score);
  }
  return excursions;
}

/** Mean of the last ten values. */
function smooth(values: Float64Array): Float64Array {
  return values.map((_, i) => {
    const last = values.subarray(Math.max(0, i - 9), i + 1);
    return last.reduce((sum, value) => sum + value, 0) / last.length;
  });
}

/** P(N(0,1) > z) by Simpson's rule out to z + 12; relative error below 1e-6 for z in 0..7. */
function upperNormal(z: number): number {
  const steps = 2000;
  const h = 12 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((z + i * h) ** 2) / 2);
  }
  return (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}
