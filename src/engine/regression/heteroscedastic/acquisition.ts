// What a search climbs: the mean and a share of both uncertainties, by what points consist of.
import type { Differentiable } from '../../optimisers/differentiable.ts';
import type { GaussianLearner } from './gaussian-learner.ts';
import type { Student } from './student.ts';
import type { Trend } from './trend.ts';
import type { View } from './view.ts';

/** a = mean + aleatoric sigma + epistemic xi, both standard deviations. */
export interface AcquisitionWeights {
  readonly aleatoric: number;
  readonly epistemic: number;
}

export interface Parts {
  readonly trend: Trend;
  readonly gaussian: GaussianLearner;
  readonly student: Student;
  readonly networksSee: View;
  readonly trendSees: View;
  /** Of y, in one of the networks'. */
  readonly unit: number;
  /** Of what the networks say of the mean and of not knowing, that counts. */
  readonly share: number;
}

/** What is not known, of the networks and of the trend: they err apart. */
export function together(spread: number, doubt: number): number {
  return Math.hypot(spread, doubt);
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
      const byVariance = variance.map((s) => -aleatoric / (2 * Math.sqrt(s)));
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
