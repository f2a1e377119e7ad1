import { describe, expect, it } from 'vitest';
import {
  breachesOf,
  constraintsOf,
  leastOf,
  objectivesOf,
  performanceOf,
  requireKnown,
  scaleOf,
} from '../../../src/app/search/costs.ts';

const quick = { p50S: 0.001, p95S: 0.002, energyJ: 0.01, peakPowerW: 3, memoryBytes: 2048 };
const slow = { p50S: 0.004, p95S: 0.005, energyJ: 0.05, peakPowerW: 5, memoryBytes: 4096 };
const none = { leakage: 0, area: 0 };
const weights = { accuracy: 0.5, latency: 0.2, energy: 0.2, peakPower: 0.1, ...none };

describe('performance', () => {
  it('is the weighted sum of accuracy and of what is left of twice the greatest cost', () => {
    const scale = scaleOf([quick, slow]);
    expect(scale).toEqual({ latencyS: 0.008, energyJ: 0.1, peakPowerW: 10, memoryBytes: 8192 });
    expect(performanceOf(0.6, quick, scale, weights)).toBeCloseTo(
      0.5 * 0.6 + 0.2 * (1 - 1 / 8) + 0.2 * (1 - 0.1) + 0.1 * (1 - 0.3),
      12,
    );
  });

  it('leaves out what is not known of all, with its weight', () => {
    const { energyJ: _, ...unmetered } = quick;
    const scale = scaleOf([unmetered, slow]);
    expect(scale.energyJ).toBeUndefined();
    expect(performanceOf(0.6, slow, scale, weights)).toBeCloseTo(
      (0.5 * 0.6 + 0.2 * 0.5 + 0.1 * 0.5) / 0.8,
      12,
    );
    expect(objectivesOf(0.6, slow, scale)).toEqual([0.4, 0.5, 0.5, 0.5]);
    const onlyEnergy = { accuracy: 0, latency: 0, energy: 1, peakPower: 0, ...none };
    expect(() => performanceOf(0.6, slow, scale, onlyEnergy)).toThrow(
      'all that has a weight is unknown',
    );
  });
});

describe('objectives', () => {
  it('are those that are asked for, in that order, each in parts of its scale', () => {
    const scale = scaleOf([quick, slow]);
    expect(objectivesOf(0.6, quick, scale, ['memory', 'accuracy', 'latency'])).toEqual([
      0.25, 0.4, 0.125,
    ]);
    const { memoryBytes: _, ...earlier } = scale;
    expect(objectivesOf(0.6, slow, earlier)).toHaveLength(4);
  });

  it('must be known', () => {
    const { energyJ: _, ...unmetered } = quick;
    const asked = { limits: {}, objectives: ['accuracy', 'energy'] } as const;
    expect(() => requireKnown('pi-5', unmetered, asked)).toThrow(
      'nothing is known of the energy of pi-5: profile it with a meter, or leave energy out of --objectives',
    );
    requireKnown('pi-5', quick, asked);
  });
});

describe('limits', () => {
  it('say by how much each is broken, in parts of it, as far as it is known', () => {
    const limits = { memoryBytes: 2048, latencyS: 0.004 };
    expect(constraintsOf(slow, limits)?.map((by) => by.toFixed(6))).toEqual([
      '0.250000',
      '1.000000',
    ]);
    expect(constraintsOf(quick, limits)).toEqual([-0.5, 0]);
    expect(constraintsOf(slow, {})).toEqual([]);
    const { energyJ: _, ...unmetered } = quick;
    expect(constraintsOf(unmetered, { energyJ: 1 })).toBeUndefined();
  });

  it('are broken by the 95th percentile and by each cost above its own', () => {
    const limits = { latencyS: 0.004, energyJ: 0.05, memoryBytes: 2048 };
    expect(breachesOf(slow, limits)).toEqual([
      'latency 5 ms exceeds 4 ms',
      'memory 4 KB exceeds 2 KB',
    ]);
    expect(breachesOf(quick, limits)).toEqual([]);
    const { energyJ: _, ...unmetered } = quick;
    expect(breachesOf(unmetered, limits)).toEqual(['energy is not known']);
  });

  it('must be on what is known', () => {
    const { peakPowerW: _, ...unmetered } = quick;
    expect(() => requireKnown('pi-5', unmetered, { limits: { peakPowerW: 4 } })).toThrow(
      'nothing is known of the peak power of pi-5',
    );
    requireKnown('pi-5', unmetered, { limits: { latencyS: 4 } });
    expect(leastOf([unmetered, slow])).toMatchObject({ p50S: 0.001, peakPowerW: undefined });
  });
});
