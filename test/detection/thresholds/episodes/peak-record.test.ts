import { describe, expect, it } from 'vitest';
import { heightScaleOf } from '../../../../src/detection/thresholds/episodes/peak-record.ts';
import { episodes } from '../../../../src/detection/thresholds/episodes.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { openingsWith } from '../../../../src/lab/judging/hindsight.ts';
import { THRESHOLD_CONTEXT } from '../../../threshold-context.ts';

const INTERVAL_MS = 300_000;
const ROWS_A_DAY = 288;

/** What scores are logarithms of: noise over a baseline, and a fault of the same size each day at noon. */
function amounts(seed: number, rows: number, baseline: number, fault = 0): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: rows }, (_, row) => {
    return baseline + 0.3 * Math.abs(random.normal()) + (isFault(row) ? fault : 0);
  });
}

const isFault = (row: number): boolean => row % ROWS_A_DAY >= 144 && row % ROWS_A_DAY < 150;

/** Faults with an alert in the last 4 of 6 days over the baseline, after a lesson over a low one. */
function caughtOver(baseline: number, logarithmic: boolean): number {
  const options = episodes.options.parse({});
  const context = { ...THRESHOLD_CONTEXT, intervalMs: INTERVAL_MS, logarithmic };
  const threshold = episodes.create(options, context);
  threshold.fit(amounts(1, 4 * ROWS_A_DAY, 0).map(Math.log1p));
  const scores = amounts(2, 6 * ROWS_A_DAY, baseline, 4).map(Math.log1p);
  const times = scores.map((_, row) => row * INTERVAL_MS);
  const opened = openingsWith(threshold, scores, times);
  return opened.filter((row) => row >= 2 * ROWS_A_DAY && isFault(row)).length;
}

describe('heights above the baseline', () => {
  it('are as great over a high baseline as over a low one where scores are logarithms', () => {
    expect(caughtOver(0, true)).toBe(4);
    expect(caughtOver(20, true)).toBe(4);
    expect(caughtOver(20, false)).toBeLessThan(2);
  });

  it.each([true, false])('go back and forth, logarithmic %s', (logarithmic) => {
    const { of, difference } = heightScaleOf({ logarithmic });
    for (const usual of [0, 0.5, 3]) {
      for (const score of [usual, usual + 0.1, usual + 5]) {
        expect(usual + difference(of(score, usual), usual)).toBeCloseTo(score, 10);
      }
    }
  });

  it('stay finite and comparable for scores without end', () => {
    const { of, difference } = heightScaleOf({ logarithmic: true });
    expect(of(1e100, 3)).toBeGreaterThan(of(100, 3));
    expect(Number.isFinite(of(1e100, 3))).toBe(true);
    expect(Number.isFinite(difference(of(1e100, 0), 3))).toBe(true);
  });

  it('grow by their factor, or by their logarithm over ordinary ones', () => {
    expect(heightScaleOf({ logarithmic: false }).grow(2, 1.5, 1)).toBe(3);
    const { grow } = heightScaleOf({ logarithmic: true });
    expect(grow(3, 2, 1)).toBeCloseTo(15, 10); // (1 + 3)^2 - 1
    expect(grow(30, 2, 10)).toBeCloseTo(150, 10);
    expect(grow(3, 1, 1)).toBeCloseTo(3, 10);
    expect(grow(3, 2, 0)).toBe(6);
  });
});
