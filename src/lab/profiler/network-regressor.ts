// The networks of BOSHNAS's surrogate as a regressor like any other: trained anew for each set of points.
import { createRandom, type Random } from '../../engine/random.ts';
import { heteroscedasticLearner } from '../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { columnsOf, type FitRegressor, type Points } from '../../engine/regression/regressor.ts';
import { extent } from '../../engine/statistics.ts';
import { scalerOf } from './rows.ts';

/** Columns may be of several units: the networks see all on one scale. */
export const networkRegressor: FitRegressor = (points, y, seed) => {
  const scale = scalerOf(points);
  const known = scale(points);
  const space = boxAround(known, createRandom(seed));
  const fitted = heteroscedasticLearner(space, {}, seed).fit(known, y);
  return { predict: (asked) => fitted.predict(scale(asked)) };
};

/** Points in it: as many as the student of the networks is taught each time. */
const SPACE = 128;

/** What is not known of designs lies between and beside those that were measured, not at them. */
function boxAround(points: Points, random: Random): Points {
  const sides = columnsOf(points).map(extent);
  const values = Array.from({ length: SPACE }, () =>
    sides.map(([least, most]) => least + (most - least) * random.uniform()),
  );
  return { values: Float64Array.from(values.flat()), width: points.width };
}
