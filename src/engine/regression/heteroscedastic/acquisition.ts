// What a search climbs: the mean and a share of both uncertainties, by what points consist of. What the networks say of
// repetitions counts only as far as the networks do: where each point has one value, it is what they could not fit.
import type { Differentiable } from '../../optimisers/differentiable.ts';
import type { Points } from '../regressor.ts';
import { foretell } from './foretelling.ts';
import { type Parts, together } from './parts.ts';

/** a = mean + aleatoric share sigma + epistemic xi: both are standard deviations, the share is that of the networks. */
export interface AcquisitionWeights {
  readonly aleatoric: number;
  readonly epistemic: number;
}

/** a at points, (rows, width), in the scale of y. */
export function worth(
  parts: Parts,
  { aleatoric, epistemic }: AcquisitionWeights,
  points: Points,
): Float64Array {
  const told = foretell(parts, points);
  return told.mean.map(
    (mean, i) =>
      mean +
      parts.share * aleatoric * (told.aleatoric[i] as number) +
      epistemic * (told.epistemic[i] as number),
  );
}

/** -a summed over the points of `width`, in the scale of y that the networks have: to be descended. */
export function acquisition(
  { trend, gaussian, student, networksSee, trendSees, unit, share }: Parts,
  { aleatoric, epistemic }: AcquisitionWeights,
  { rows, width }: { readonly rows: number; readonly width: number },
): Differentiable {
  const weights = new Float64Array(rows * width);
  const gradients = new Float64Array(weights.length);
  const byMean = new Float64Array(rows).fill(-share);
  return {
    weights,
    gradients,
    gradient() {
      gradients.fill(0);
      const x = networksSee.of(weights);
      const { variance } = gaussian.forward(x, rows);
      const byVariance = variance.map((s) => (-share * aleatoric) / (2 * Math.sqrt(s)));
      networksSee.addTo(
        gradients,
        gaussian.backwardToInput({ mean: byMean, variance: byVariance }),
      );
      const straight = trendSees.of(weights);
      const doubt = trend.at(straight).doubt.map((one) => one / unit);
      const spread = student.forward(x, rows).map((one) => share * one);
      const part = (of: Float64Array) =>
        of.map((one, i) => (epistemic * one) / together(spread[i] as number, doubt[i] as number));
      networksSee.addTo(
        gradients,
        student.backwardToInput(part(spread).map((one) => -share * one)),
      );
      const byTrend = trend.gradient(straight, part(doubt));
      trendSees.addTo(
        gradients,
        byTrend.map((one) => -one / unit),
      );
    },
  };
}
