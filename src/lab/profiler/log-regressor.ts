import type { FitRegressor } from '../../engine/regression/regressor.ts';

/**
 * The same regressor for quantities that are positive and that differ by factors: it learns logarithms, so that an error
 * of a tenth is as bad for a small network as for a large one. The mean that it tells is e^mean, the median.
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
