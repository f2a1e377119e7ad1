// Order of merit among outcomes with several objectives.
import { crowdingDistances, nonDominatedSort } from '../../front.ts';
import type { Told } from './ledger.ts';

/**
 * The best `count` of feasible outcomes, best first: those that fewer fronts lie before, then those that are more alone in
 * their front. Without objectives, 1 - value is the only one. Throws RangeError where some have other objectives than
 * others.
 */
export function fittest(some: readonly Told[], count: number): readonly Told[] {
  const objectives = some.map(({ value, objectives }) => objectives ?? [1 - (value as number)]);
  const [first] = objectives;
  if (objectives.some(({ length }) => length !== first?.length)) {
    throw new RangeError('some outcomes have another number of objectives than others');
  }
  const order = nonDominatedSort(objectives).flatMap((front) => {
    const distances = crowdingDistances(front.map((i) => objectives[i] as readonly number[]));
    return [...front.keys()]
      .sort((a, b) => descending(distances[a] as number, distances[b] as number))
      .map((place) => front[place] as number);
  });
  return order.slice(0, count).map((i) => some[i] as Told);
}

/** Of numbers that may be infinite, whose difference would be none. */
function descending(a: number, b: number): number {
  return a === b ? 0 : b > a ? 1 : -1;
}
