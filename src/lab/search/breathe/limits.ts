// The last part of a climb under constraints, by trial: at a limit the penalty sets in, and the slope says nothing of what is beyond.
import type { Random } from '../../../engine/random.ts';
import { leastPlaces } from '../../../engine/statistics.ts';
import type { Point } from '../points/contract.ts';
import type { PointSpace } from '../points/space.ts';
import { besideUnit } from '../points/variation.ts';

interface Climbs {
  readonly starts: readonly Point[];
  /** One for each start. */
  readonly ends: readonly Point[];
  /** What is climbed, at a group of points for each climb; lower is better. */
  valuesAt(groups: readonly (readonly Point[])[]): readonly (readonly number[])[];
}

/** Rounds, trials beside a place in each, and the first step in shares of the ranges. Chosen on TNK and CONSTR themselves. */
const [ROUNDS, TRIALS, FIRST_STEP] = [12, 16, 0.1];

/**
 * A place for each climb: the better one of its start and its end, and from there the best of some places beside it, as often as
 * one is better; steps are halved when none is. Second-order climbs of a value that has a kink do not come to rest there: where
 * objectives are nearly straight, little curvature means long steps, and each crossing of the limit throws them back. With the
 * true functions of TNK and CONSTR the best of eight ends lay .02 to .7 ranges above the least value, now below .002. An
 * evolution strategy, (1 + 16) of Beyer and Schwefel 2002, "Evolution strategies: a comprehensive introduction". Departs from it:
 * steps are halved where nothing was better, not adapted.
 */
export function settledAtLimits(
  space: Pick<PointSpace, 'toUnit' | 'fromUnit'>,
  { starts, ends, valuesAt }: Climbs,
  random: Random,
): readonly Point[] {
  const both = starts.map((start, i) => [ends[i] as Point, start]);
  const places = valuesAt(both).map((values, i) => {
    const [better = 0] = leastPlaces(values, 1);
    const unit = space.toUnit(both[i]?.[better] as Point);
    return { unit, value: values[better] as number, step: FIRST_STEP };
  });
  for (let round = 0; round < ROUNDS; round++) {
    const tried = places.map(({ unit, step }) =>
      Array.from({ length: TRIALS }, () => besideUnit(unit, step, random)),
    );
    const values = valuesAt(tried.map((group) => group.map((unit) => space.fromUnit(unit))));
    for (const [i, place] of places.entries()) {
      const own = values[i] as readonly number[];
      const [best = 0] = leastPlaces(own, 1);
      const value = own[best] as number;
      if (value < place.value) {
        place.unit = tried[i]?.[best] as Float64Array;
        place.value = value;
      } else place.step /= 2;
    }
  }
  return places.map(({ unit }) => space.fromUnit(unit));
}
