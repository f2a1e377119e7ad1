import { describe, expect, it } from 'vitest';
import {
  breachesOf,
  leastOf,
  objectivesOf,
  performanceOf,
  requireKnown,
  scaleOf,
} from '../../../src/app/search/costs.ts';

const quick = { p50S: 0.001, p95S: 0.002, energyJ: 0.01, peakPowerW: 3, memoryBytes: 2048 };
const slow = { p50S: 0.004, p95S: 0.005, energyJ: 0.05, peakPowerW: 5, memoryBytes: 4096 };
const weights = { accuracy: 0.5, latency: 0.2, energy: 0.2, peakPower: 0.1 };

describe('performance', () => {
  it('is the weighted sum of accuracy and of what is left of twice the greatest cost', () => {
    const scale = scaleOf([quick, slow]);
    expect(scale).toEqual({ latencyS: 0.008, energyJ: 0.1, peakPowerW: 10 });
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
    expect(objectivesOf(0.6, slow, scale)).toEqual([0.4, 0.5, 0.5]);
    const onlyEnergy = { accuracy: 0, latency: 0, energy: 1, peakPower: 0 };
    expect(() => performanceOf(0.6, slow, scale, onlyEnergy)).toThrow(
      'all that has a weight is unknown',
    );
  });
});

describe('limits', () => {
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
    expect(() => requireKnown('pi-5', unmetered, { peakPowerW: 4 })).toThrow(
      'nothing is known of the peak power of pi-5',
    );
    requireKnown('pi-5', unmetered, { latencyS: 4 });
    expect(leastOf([unmetered, slow])).toMatchObject({ p50S: 0.001, peakPowerW: undefined });
  });
});
