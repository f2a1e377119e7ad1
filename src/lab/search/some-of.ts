// Some of the candidates, in an order of their own: what a search is given that is to see no others.
import { pointsAt } from '../../engine/regression/regressor.ts';
import type { Candidates, PairCandidates } from './contract.ts';
import { arePairs } from './pairs.ts';

/** Candidate i is the one that `numbers[i]` is there; pairs stay pairs. Neighbours that are not among them are left out. */
export function someOf(candidates: Candidates, numbers: readonly number[]): Candidates {
  const places = new Map(numbers.map((number, place) => [number, place]));
  const { sizes, values } = candidates.choices;
  const width = sizes.length;
  const rows = new Int32Array(numbers.length * width);
  for (const [place, number] of numbers.entries()) {
    rows.set(values.subarray(number * width, (number + 1) * width), place * width);
  }
  const some: Candidates = {
    count: numbers.length,
    coordinates: pointsAt(candidates.coordinates, numbers),
    choices: { ...candidates.choices, values: rows },
    neighbours: (place) =>
      candidates
        .neighbours(numberAt(numbers, place))
        .flatMap((number) => places.get(number) ?? [])
        .sort((a, b) => a - b),
    find(choices) {
      const number = candidates.find(choices);
      return number === undefined ? undefined : places.get(number);
    },
  };
  return arePairs(candidates) ? { ...some, ...pairsAmong(candidates, numbers, places) } : some;
}

function pairsAmong(
  { first, second, partsOf, pairOf }: PairCandidates,
  numbers: readonly number[],
  places: ReadonlyMap<number, number>,
): Pick<PairCandidates, 'first' | 'second' | 'partsOf' | 'pairOf'> {
  return {
    first,
    second,
    partsOf: (place) => partsOf(numberAt(numbers, place)),
    pairOf(a, b) {
      const number = pairOf(a, b);
      return number === undefined ? undefined : places.get(number);
    },
  };
}

function numberAt(numbers: readonly number[], place: number): number {
  const number = numbers[place];
  if (number === undefined)
    throw new RangeError(`there is no candidate ${place} of ${numbers.length}`);
  return number;
}
