// Effects that add up: each option of each choice is worth something, and how much is as uncertain as it was seen rarely.
import { mean } from '../../statistics.ts';
import { columnsOf } from '../points.ts';
import type { Points } from '../regressor.ts';
import { effectsOf } from './effects-posterior.ts';
import type { Trend } from './trend.ts';

/** Variances of what is no effect over that of all effects together. */
const NOISE_RATIOS = [0.03, 0.1, 0.4, 1.5, 6];

/** Of two parts, what the second has of the variance of all effects. */
const SECOND_SHARES = [0.1, 0.3, 0.5];

/**
 * Bayesian linear regression with the likeliest noise and, of two parts, the likeliest shares. `parts`: widths of the parts
 * of a point; within each part the squares of a point's columns sum up to the same for all points, as those of options do
 * that were chosen, one in each place. Throws `RangeError` for more than two parts.
 */
export function additiveTrend(points: Points, y: Float64Array, parts: readonly number[]): Trend {
  const units = unitsOf(points, parts);
  const found = sharesOf(parts).flatMap((shares) => {
    const scale = parts.flatMap((width, p) =>
      new Array<number>(width).fill(Math.sqrt((shares[p] as number) / (units[p] as number))),
    );
    return effectsOf(points, y, Float64Array.from(scale), NOISE_RATIOS);
  });
  return found.reduce((a, b) => (b.likelihood > a.likelihood ? b : a)).trend();
}

/** Sum of the squares of a point's columns, of each part. */
function unitsOf(points: Points, parts: readonly number[]): readonly number[] {
  const squares = columnsOf(points).map((column) => mean(column.map((value) => value ** 2)));
  let from = 0;
  return parts.map((width) => {
    const sum = squares.slice(from, from + width).reduce((total, square) => total + square, 0);
    from += width;
    return sum || 1;
  });
}

function sharesOf(parts: readonly number[]): readonly (readonly number[])[] {
  if (parts.length === 1) return [[1]];
  if (parts.length > 2) throw new RangeError(`effects of ${parts.length} parts, at most two`);
  return SECOND_SHARES.map((share) => [1 - share, share]);
}
