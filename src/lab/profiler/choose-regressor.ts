// Chooses the regressor and features that predict a quantity best, by cross-validation.
//
// Notation   N rows, E columns

import { createRandom } from '../../engine/random.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  pointsAt,
} from '../../engine/regression/regressor.ts';
import { VIEWS, type View, type Views } from './designs.ts';

export interface NamedRegressor {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly fit: FitRegressor;
}

export interface Contender extends HeldOutError {
  readonly features: View;
  readonly regressor: string;
}

/** All combinations, best first; ties keep the order given. All learn logarithms: `y` is positive. */
export function rankRegressors(
  views: Views,
  regressors: Iterable<NamedRegressor>,
  y: Float64Array,
  seed: number,
): readonly Contender[] {
  const kinds = [...regressors];
  return VIEWS.flatMap((features) => {
    const points = views[features];
    if (!points) return [];
    return kinds.map(({ kind, fit: learn }) => ({
      features,
      regressor: kind,
      ...errorOf(heldOut(onLogarithms(learn), points, y, seed), y),
    }));
  }).sort((a, b) => a.mape - b.mape);
}

/** Error of a regressor on rows that it was not fitted on. */
interface HeldOutError {
  /** Mean of |predicted - measured| / measured; 0.1 = a tenth. */
  readonly mape: number;
  /** Mean squared error of values divided by the greatest measured one: ProTran's measure. */
  readonly mse: number;
}

export const FOLDS = 5;

/** (N,): predicts each row by a regressor that was fitted without it. Throws `RangeError` for fewer rows than folds. */
export function heldOut(
  learn: FitRegressor,
  points: Points,
  y: Float64Array,
  seed: number,
  folds = FOLDS,
): Float64Array {
  const count = countOf(points);
  if (count < folds) throw new RangeError(`${count} rows cannot be divided into ${folds} folds`);
  const order = Array.from({ length: count }, (_, row) => row);
  createRandom(seed).shuffle(order);
  const predicted = new Float64Array(count);
  for (let fold = 0; fold < folds; fold += 1) {
    const asked = order.filter((_, place) => place % folds === fold);
    const known = order.filter((_, place) => place % folds !== fold);
    const values = Float64Array.from(known, (row) => y[row] as number);
    const { mean } = learn(pointsAt(points, known), values, seed).predict(pointsAt(points, asked));
    for (const [i, row] of asked.entries()) predicted[row] = mean[i] as number;
  }
  return predicted;
}

export function errorOf(predicted: Float64Array, measured: Float64Array): HeldOutError {
  const greatest = measured.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let relative = 0;
  let squared = 0;
  for (const [i, value] of measured.entries()) {
    const off = (predicted[i] as number) - value;
    relative += Math.abs(off / value);
    squared += (off / greatest) ** 2;
  }
  return { mape: relative / measured.length, mse: squared / measured.length };
}

/**
 * The same regressor for positive quantities that differ by factors: it learns logarithms, so that an error of a tenth is as
 * bad for a small network as for a large one. The predicted mean is e^mean, the median.
 */
export function onLogarithms(learn: FitRegressor): FitRegressor {
  return (points, y, seed) => {
    if (y.some((value) => !(value > 0))) throw new RangeError('logarithms need positive values');
    const inner = learn(points, y.map(Math.log), seed);
    return {
      predict(asked) {
        const { mean, aleatoric, epistemic } = inner.predict(asked);
        const factors = mean.map(Math.exp);
        const scaled = (spread: Float64Array) => spread.map((sd, i) => sd * (factors[i] as number));
        return { mean: factors, aleatoric: scaled(aleatoric), epistemic: scaled(epistemic) };
      },
    };
  };
}
