// What every kind of threshold must do; a new kind is tested by being listed in the registry.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CalibrationError } from '../../src/core/errors.ts';
import { teach } from '../../src/core/threshold.ts';
import type { StoredThreshold } from '../../src/detection/threshold-plugin.ts';
import { thresholds } from '../../src/detection/thresholds/index.ts';
import { createRandom } from '../../src/engine/random.ts';
import { THRESHOLD_CONTEXT } from '../threshold-context.ts';

const kinds = [...thresholds.values()];
/** How each kind is made stricter or laxer; `undefined` where it has no such setting. */
const laxToStrict: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  episodes: [{ margin: 2 }, { margin: 1 }, { margin: 0.5 }],
  pot: [{ risk: 1e-5 }, { risk: 1e-4 }, { risk: 1e-3 }],
  dspot: [{ risk: 1e-5 }, { risk: 1e-4 }, { risk: 1e-3 }],
  quantile: [{ quantile: 0.999 }, { quantile: 0.99 }, { quantile: 0.9 }],
  fixed: [{ level: 3 }, { level: 2 }, { level: 1 }],
};

function normal(seed: number, count = 600): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => Math.abs(random.normal()));
}

function create(kind: string, options: unknown = {}): StoredThreshold {
  const plugin = thresholds.get(kind);
  if (!plugin) throw new Error(`no threshold '${kind}'`);
  return plugin.create(plugin.options.parse(options), THRESHOLD_CONTEXT);
}

function fitted(kind: string, seed = 1, options: unknown = {}): StoredThreshold {
  const threshold = create(kind, options);
  threshold.fit(normal(seed));
  return threshold;
}

describe('threshold registry', () => {
  it('lists every file of the folder, under its name', () => {
    const folder = new URL('../../src/detection/thresholds/', import.meta.url);
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'index.ts')
      .map((entry) => entry.name.replace(/\.ts$/, ''));
    expect(files.length).toBeGreaterThan(0);
    expect([...thresholds.keys()].sort()).toEqual(files.sort());
    for (const [kind, plugin] of thresholds) expect(plugin.kind).toBe(kind);
  });

  it('makes each kind with defaults, and describes every option with default and unit', () => {
    for (const { kind, options, summary } of kinds) {
      expect(summary.length, kind).toBeGreaterThan(10);
      const schema = z.toJSONSchema(options) as { properties: Record<string, object> };
      for (const [name, option] of Object.entries(schema.properties)) {
        expect(option, `${kind}.${name}`).toMatchObject({
          default: expect.anything(),
          description: expect.any(String),
          unit: expect.any(String),
        });
      }
      expect(options.safeParse({ nonsense: 1 }).success, kind).toBe(false);
    }
  });
});

describe.each(kinds.map(({ kind }) => kind))('threshold contract: %s', (kind) => {
  it('judges above the level anomalous, at the level and below normal', () => {
    const threshold = fitted(kind);
    const { level: above, usual = 0 } = threshold.judge(0);
    expect(above).toBeGreaterThan(0);
    const level = usual + above;
    expect(threshold.judge(level).anomalous).toBe(false);
    expect(threshold.judge(level * (1 + 1e-9)).anomalous).toBe(true);
    expect(threshold.judge(level * (1 - 1e-9)).anomalous).toBe(false);
    expect(threshold.judge(Number.POSITIVE_INFINITY).anomalous).toBe(true);
  });

  it('judges purely: the level and the state stay', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 }),
        fc.nat(1000),
        (probes, seed) => {
          const threshold = fitted(kind, seed);
          const state = JSON.stringify(threshold.state());
          const first = probes.map((probe) => threshold.judge(probe));
          expect(probes.map((probe) => threshold.judge(probe))).toEqual(first);
          expect(new Set(first.map(({ level }) => level)).size).toBe(1);
          expect(JSON.stringify(threshold.state())).toBe(state);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('says how far a score is beyond all that was normal, if it can, and only of anomalous ones', () => {
    const threshold = fitted(kind);
    for (const score of normal(2)) teach(threshold, score, threshold.judge(score));
    const { level, usual = 0 } = threshold.judge(0);
    expect(threshold.judge(usual + level).beyondSeen).toBeUndefined();
    for (const factor of [1.01, 2, 5, 1e300]) {
      const score = usual + factor * level;
      for (let row = 0; row < THRESHOLD_CONTEXT.openWithin; row++)
        threshold.reject(score, 'anomalous');
      const { beyondSeen = 1 } = threshold.judge(score);
      expect(beyondSeen).toBeGreaterThan(0);
      expect(Number.isFinite(beyondSeen)).toBe(true);
    }
  });

  it('raises the level when it is asked to alarm more rarely', () => {
    const settings = laxToStrict[kind];
    if (!settings) throw new Error(`add '${kind}' to laxToStrict`);
    for (let seed = 1; seed <= 20; seed++) {
      const levels = settings.map((options) => fitted(kind, seed, options).judge(0).level);
      expect(levels).toEqual([...levels].sort((a, b) => b - a));
      expect(new Set(levels).size).toBe(levels.length);
    }
  });

  it('gives the same level for the same scores', () => {
    expect(fitted(kind).judge(0)).toEqual(fitted(kind).judge(0));
  });

  it('does not change or keep the scores it is fitted to', () => {
    const scores = normal(3);
    const copy = scores.slice();
    const threshold = create(kind);
    threshold.fit(scores);
    expect(scores).toEqual(copy);
    const { level } = threshold.judge(0);
    scores.fill(1000);
    expect(threshold.judge(0).level).toBe(level);
  });

  it('goes on after a restart with the level it had, also through JSON', () => {
    const threshold = fitted(kind);
    const stream = normal(4, 2000);
    for (const score of stream) if (!threshold.judge(score).anomalous) threshold.learn(score);
    const restored = create(kind);
    restored.restore(JSON.parse(JSON.stringify(threshold.state())));
    for (const score of normal(5, 500)) {
      expect(restored.judge(score)).toEqual(threshold.judge(score));
      if (threshold.judge(score).anomalous) continue;
      threshold.learn(score);
      restored.learn(score);
    }
  });

  it.each([
    ['zeros', 0],
    ['equal scores', 0.7],
  ])('survives a calibration of %s with a positive level at or above them', (_, constant) => {
    const threshold = create(kind);
    threshold.fit(new Float64Array(200).fill(constant));
    const { anomalous, level } = threshold.judge(constant);
    expect(anomalous).toBe(false);
    expect(level).toBeGreaterThan(0);
    for (let i = 0; i < 1000; i++) threshold.learn(constant);
    expect(threshold.judge(constant).anomalous).toBe(false);
  });

  it('takes a score that is no number, and use before fit, for bugs, and learns nothing from them (#23)', () => {
    const threshold = fitted(kind);
    const [state, verdict] = [JSON.stringify(threshold.state()), threshold.judge(1)];
    for (const score of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => threshold.judge(score)).toThrow(RangeError);
      expect(() => threshold.learn(score)).toThrow(RangeError);
      expect(() => threshold.reject(score, 'anomalous')).toThrow(RangeError);
      expect(() => threshold.reject(score, 'quiet')).toThrow(RangeError);
    }
    expect(JSON.stringify(threshold.state())).toBe(state);
    expect(threshold.judge(1)).toEqual(verdict);
    if (kind !== 'fixed') expect(() => create(kind).judge(1)).toThrow(RangeError);
  });

  it.runIf(kind !== 'fixed')('refuses calibration that does not suffice by name', () => {
    expect(() => create(kind).fit(new Float64Array(0))).toThrow(CalibrationError);
    expect(() => create(kind).fit(new Float64Array(200).fill(Number.NaN))).toThrow(
      CalibrationError,
    );
    expect(() => create(kind).restore({ nonsense: true })).toThrow(CalibrationError);
  });
});
