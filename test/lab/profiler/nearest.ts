// A regressor that is plain enough to be right: the value of the nearest point, with its distance as doubt.
import { countOf, type FitRegressor } from '../../../src/engine/regression/regressor.ts';

export const nearest: FitRegressor = (known, y) => ({
  predict(asked) {
    const count = countOf(asked);
    const mean = new Float64Array(count);
    const epistemic = new Float64Array(count);
    for (let i = 0; i < count; i += 1) {
      const distances = Array.from(y, (_, j) =>
        Math.hypot(
          ...Array.from(
            { length: known.width },
            (_unused, k) =>
              (asked.values[i * known.width + k] ?? 0) - (known.values[j * known.width + k] ?? 0),
          ),
        ),
      );
      const least = Math.min(...distances);
      epistemic[i] = least;
      mean[i] = y[distances.indexOf(least)] ?? 0;
    }
    return { mean, epistemic, aleatoric: new Float64Array(count) };
  },
});
