// What a search climbs: the mean and a share of both uncertainties, by the coordinates of points.
import type { Differentiable } from '../../optimisers/differentiable.ts';
import type { GaussianLearner } from './gaussian-learner.ts';
import type { LinearTrend } from './linear-trend.ts';
import { type Frame, intoFrame } from './scaling.ts';
import type { Student } from './student.ts';

/** a = mean + aleatoric sigma + epistemic xi, both standard deviations. */
export interface AcquisitionWeights {
  readonly aleatoric: number;
  readonly epistemic: number;
}

export interface Parts {
  readonly trend: LinearTrend;
  readonly gaussian: GaussianLearner;
  readonly student: Student;
  readonly frame: Frame;
  /** Of y, in one of the networks'. */
  readonly unit: number;
}

/** -a summed over the points, in the scale of y that the networks have: to be descended. */
export function acquisition(
  { trend, gaussian, student, frame, unit }: Parts,
  { aleatoric, epistemic }: AcquisitionWeights,
  rows: number,
): Differentiable {
  const width = frame.unit.length;
  const weights = new Float64Array(rows * width);
  const gradients = new Float64Array(weights.length);
  const byMean = new Float64Array(rows).fill(-1);
  const bySpread = new Float64Array(rows).fill(-epistemic);
  return {
    weights,
    gradients,
    gradient() {
      const x = intoFrame(frame, weights);
      const { variance } = gaussian.forward(x, rows);
      const byVariance = variance.map((s) => -aleatoric / (2 * Math.sqrt(s)));
      const first = gaussian.backwardToInput({ mean: byMean, variance: byVariance });
      student.forward(x, rows);
      const second = student.backwardToInput(bySpread);
      for (let i = 0; i < gradients.length; i++) {
        const straight = (trend.slopes[i % width] as number) / unit;
        const sum = (first[i] as number) + (second[i] as number) - straight;
        gradients[i] = sum / (frame.unit[i % width] as number);
      }
    },
  };
}
