// The prediction that adds the most hypervolume to an archive, taken at its word.
import { hypervolumeImprovement } from '../front.ts';
import type { Evaluated } from '../points/contract.ts';
import { outputsOf } from '../points/history.ts';
import type { Scalar } from '../points/scalar.ts';

/**
 * The row whose objectives add the most hypervolume to the archive, up to a reference in `normalised` objectives; rows that break a
 * constraint come after all others, by their violation, and rows that add nothing by their value. After Ponweiser et al. 2008,
 * "Multiobjective optimization on a limited budget of evaluations using model-assisted S-metric selection" (SMS-EGO), without its
 * epsilon.
 */
export function mostAdding(
  predicted: readonly (readonly number[])[],
  archive: readonly Evaluated[],
  scalar: Scalar,
  reference: readonly number[],
): number {
  const front = archive.map((one) => scalar.normalised(outputsOf(one)));
  const merits = predicted.map((row) => {
    const violation = scalar.violation(row);
    const added =
      violation > 0 ? 0 : hypervolumeImprovement(front, scalar.normalised(row), reference);
    return { violation, added, value: scalar.at(row) };
  });
  const order = [...merits.keys()].sort((i, j) => {
    const [a, b] = [merits[i], merits[j]] as [(typeof merits)[0], (typeof merits)[0]];
    return a.violation - b.violation || b.added - a.added || a.value - b.value;
  });
  return order[0] as number;
}
