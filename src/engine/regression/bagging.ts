// Models that each learnt from a sample of the points drawn with replacement, and what they say together.
import type { Random } from '../random.ts';
import type { LeafSummary } from './regression-tree.ts';
import type { Prediction } from './regressor.ts';

/** How often each of `count` points comes when as many are drawn, with replacement. */
export function bootstrapWeights(count: number, random: Random): Float64Array {
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const drawn = random.integer(count);
    weights[drawn] = (weights[drawn] as number) + 1;
  }
  return weights;
}

/**
 * What equally weighted members know together: how far their means lie apart is the epistemic uncertainty, the mean of their
 * variances the aleatoric one. Throws RangeError for no member.
 */
export function mixture(members: readonly LeafSummary[]): Prediction {
  const count = members[0]?.mean.length;
  if (count === undefined) throw new RangeError('a mixture has one member at least');
  const [mean, aleatoric, epistemic] = [0, 1, 2].map(() => new Float64Array(count)) as Triple;
  for (let i = 0; i < count; i++) {
    let [sum, squares, within] = [0, 0, 0];
    for (const member of members) {
      sum += member.mean[i] as number;
      within += member.variance[i] as number;
    }
    const centre = sum / members.length;
    for (const member of members) squares += ((member.mean[i] as number) - centre) ** 2;
    mean[i] = centre;
    aleatoric[i] = Math.sqrt(within / members.length);
    epistemic[i] = Math.sqrt(squares / members.length);
  }
  return { mean, aleatoric, epistemic };
}

type Triple = [Float64Array, Float64Array, Float64Array];
