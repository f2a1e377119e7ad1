// The part of an archive that says how far a front goes.
import { extent, median } from '../../../engine/statistics.ts';
import type { Evaluated } from '../points/contract.ts';
import { isFeasible } from '../points/history.ts';

/** Most that a point may be worse in an objective for each unit that it is better in another. Our choice. */
const MOST_TRADE_OFF = 20;

/**
 * Points of an archive with bounded trade-offs: Geoffrion 1968, "Proper efficiency and the theory of vector maximization". At the
 * border of a box an objective may be as good as it can be wherever the others are, e.g. 0 at a corner of DTLZ2: nothing dominates
 * such a point, though another is hardly worse there and far better elsewhere. In ranges of an archive with a few of them all else
 * lies close together, and what is beyond it seems to be worth a search. So units are not of the archive: they are the distances
 * from the least to the median of all that is feasible.
 */
export function properFront(
  evaluated: readonly Evaluated[],
  archive: readonly Evaluated[],
): readonly Evaluated[] {
  const feasible = evaluated.filter(isFeasible);
  const units = (archive[0]?.objectives ?? []).map((_, j) => {
    const values = feasible.map(({ objectives }) => objectives[j] as number);
    const [least, most] = extent(values);
    return median(values) - least || most - least || 1;
  });
  return archive.filter((one) =>
    archive.every((other) => {
      const losses = units.map(
        (unit, j) => ((one.objectives[j] as number) - (other.objectives[j] as number)) / unit,
      );
      return Math.max(...losses) <= MOST_TRADE_OFF * -Math.min(...losses);
    }),
  );
}
