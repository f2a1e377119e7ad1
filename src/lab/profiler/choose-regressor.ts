// Which regressor on which features tells a quantity best, by what it tells of rows that it has not seen.
import type { FitRegressor } from '../../engine/regression/regressor.ts';
import { errorOf, type HeldOutError, heldOut } from './cross-validation.ts';
import { VIEWS, type View, type Views } from './designs.ts';
import { onLogarithms } from './log-regressor.ts';

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

/** All that were tried, best first; equals stay in the order given. All learn logarithms: `y` is positive. */
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
