import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../../src/app/search/calibration.ts';
import type { Points, Regressor } from '../../../src/engine/regression/regressor.ts';

const costs = { p50S: 1, p95S: 1, memoryBytes: 1 };

/** Candidate i lies at i and performs as well; the third is infeasible. */
const historyOf = (count: number) =>
  Array.from({ length: count }, (_, candidate) => ({
    evaluated: { done: candidate, candidate, accuracy: [], trainS: 0, costs },
    values: candidate === 3 ? [] : [candidate - 0.5, candidate + 0.5],
  }));

const coordinates = { values: Float64Array.from({ length: 30 }, (_, i) => i), width: 1 };

/** Tells the greatest that it knows, and how many points that are. */
const learn = (_: Points, y: Float64Array): Regressor => ({
  predict: ({ values }) => ({
    mean: values.map(() => Math.max(...y)),
    aleatoric: values.map(() => 3 * y.length),
    epistemic: values.map(() => 4 * y.length),
  }),
});

describe('the calibration of a search', () => {
  it('predicts each evaluation but the first ten from those before it, five at a time', () => {
    expect(calibrationOf(coordinates, historyOf(17), learn)).toEqual([
      { candidate: 11, value: 11, mean: 10, deviation: 50 },
      { candidate: 12, value: 12, mean: 10, deviation: 50 },
      { candidate: 13, value: 13, mean: 10, deviation: 50 },
      { candidate: 14, value: 14, mean: 10, deviation: 50 },
      { candidate: 15, value: 15, mean: 10, deviation: 50 },
      { candidate: 16, value: 16, mean: 15, deviation: 75 },
    ]);
  });

  it('is none for a short search', () => {
    expect(calibrationOf(coordinates, historyOf(11), learn)).toEqual([]);
  });
});
