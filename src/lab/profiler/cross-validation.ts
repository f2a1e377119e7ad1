// How well a regressor tells what it has not seen.
//
// Notation   N rows, E columns
import { createRandom } from '../../engine/random.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  pointsAt,
} from '../../engine/regression/regressor.ts';

export interface HeldOutError {
  /** Mean of |predicted - measured| / measured; 0.1 = a tenth. */
  readonly mape: number;
  /** Mean squared error, both divided by the greatest that was measured: ProTran's measure. */
  readonly mse: number;
}

export const FOLDS = 5;

/** (N,): each row is told by a regressor that was fitted without it. Throws `RangeError` for fewer rows than folds. */
export function heldOut(
  learn: FitRegressor,
  points: Points,
  y: Float64Array,
  seed: number,
  folds = FOLDS,
): Float64Array {
  const count = countOf(points);
  if (count < folds) throw new RangeError(`${count} rows cannot be cut in ${folds} parts`);
  const order = Array.from({ length: count }, (_, row) => row);
  createRandom(seed).shuffle(order);
  const told = new Float64Array(count);
  for (let fold = 0; fold < folds; fold += 1) {
    const asked = order.filter((_, place) => place % folds === fold);
    const known = order.filter((_, place) => place % folds !== fold);
    const values = Float64Array.from(known, (row) => y[row] as number);
    const { mean } = learn(pointsAt(points, known), values, seed).predict(pointsAt(points, asked));
    for (const [i, row] of asked.entries()) told[row] = mean[i] as number;
  }
  return told;
}

export function errorOf(told: Float64Array, measured: Float64Array): HeldOutError {
  const greatest = measured.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let relative = 0;
  let squared = 0;
  for (const [i, value] of measured.entries()) {
    const off = (told[i] as number) - value;
    relative += Math.abs(off / value);
    squared += (off / greatest) ** 2;
  }
  return { mape: relative / measured.length, mse: squared / measured.length };
}
