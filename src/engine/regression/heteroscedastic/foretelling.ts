// What the surrogate says of points: the trend, what the networks add to it, and all that is not certain.
import type { Points, Prediction } from '../regressor.ts';
import { MIDDLE, type Parts, together } from './parts.ts';

/** Points that are predicted at once, so that what they need stays near the processor. */
const CHUNK = 256;

/** Of points, (rows, width). */
export function foretell(
  { trend, gaussian, student, networksSee, trendSees, unit, share }: Parts,
  { values, width }: Points,
): Prediction {
  const count = values.length / width;
  const prediction = {
    mean: new Float64Array(count),
    aleatoric: new Float64Array(count),
    epistemic: new Float64Array(count),
  };
  for (let from = 0; from < count; from += CHUNK) {
    const end = Math.min(from + CHUNK, count);
    const chunk = values.subarray(from * width, end * width);
    const x = networksSee.of(chunk);
    const straight = trend.at(trendSees.of(chunk));
    const { mean, variance } = gaussian.forward(x, end - from);
    prediction.mean.set(
      mean.map((m, i) => (straight.mean[i] as number) + share * unit * (m - MIDDLE)),
      from,
    );
    prediction.aleatoric.set(
      variance.map((s) => unit * Math.sqrt(s)),
      from,
    );
    const spread = student.forward(x, end - from);
    prediction.epistemic.set(
      spread.map((s, i) => together(share * unit * s, straight.doubt[i] as number)),
      from,
    );
  }
  return prediction;
}
