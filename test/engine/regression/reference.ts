// The golden file of the regressors, and points from lists.
import type { Points } from '../../../src/engine/regression/regressor.ts';
import { golden } from '../../golden/read.ts';

export const reference = golden<{
  tolerance: {
    trees: number;
    trends: number;
    process: number;
    likelihood: number;
    improvement: number;
  };
  x: number[][];
  y: number[];
  asked: number[][];
  trees: { depth: number; leafWeight: number; weights: number[]; mean: number[] }[];
  boosting: {
    stages: number;
    rate: number;
    depth: number;
    leafPoints: number;
    mean: number[];
  }[];
  processes: {
    lengthScales: number[];
    noiseRatio: number;
    variance: number;
    logLikelihood: number;
    mean: number[];
    deviation: number[];
    greatestLogLikelihood: number;
  }[];
  trends: { rows: number; ridge: number; slopes: number[]; mean: number[] }[];
  improvement: { z: number[]; log: number[] };
}>('regression.json');

export function pointsOf(rows: readonly (readonly number[])[]): Points {
  return { values: Float64Array.from(rows.flat()), width: rows[0]?.length ?? 0 };
}

export const known = {
  points: pointsOf(reference.x),
  y: Float64Array.from(reference.y),
  asked: pointsOf(reference.asked),
};

/** Of two lists of numbers. */
export function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));
}
