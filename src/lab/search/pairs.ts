// Pairs from two sets of candidates, e.g. networks and devices; and a selection of candidates.

import type { Points } from '../../engine/regression/regressor.ts';
import { pointsAt } from '../../engine/regression/regressor.ts';
import type { Candidates, Choices, PairCandidates } from './contract.ts';

type Pair = readonly [first: number, second: number];

export function arePairs(candidates: Candidates): candidates is PairCandidates {
  return 'partsOf' in candidates;
}

/**
 * All combinations, the second part running fastest, or only those of a list, in its order. A neighbour of a pair has a
 * neighbour of one part in its place. Throws `RangeError` for a pair that is listed twice or has a missing part.
 */
export function pairsOf(
  first: Candidates,
  second: Candidates,
  list?: readonly Pair[],
): PairCandidates {
  const pairs = list ? listed(list, first, second) : combined(first, second);
  const { parts, pairOf } = pairs;

  function partsOf(candidate: number): Pair {
    const pair = parts(candidate);
    if (!pair) throw new RangeError(`there is no pair ${candidate} of ${pairs.count}`);
    return pair;
  }

  function neighbours(candidate: number): readonly number[] {
    const [a, b] = partsOf(candidate);
    const found = [
      ...first.neighbours(a).map((other) => pairOf(other, b)),
      ...second.neighbours(b).map((other) => pairOf(a, other)),
    ];
    return found.filter((pair) => pair !== undefined).sort((one, other) => one - other);
  }

  function find(choices: ArrayLike<number>): number | undefined {
    const row = Array.from(choices);
    const a = first.find(row.slice(0, first.choices.sizes.length));
    const b = second.find(row.slice(first.choices.sizes.length));
    return a === undefined || b === undefined ? undefined : pairOf(a, b);
  }

  return {
    count: pairs.count,
    coordinates: coordinatesOf(pairs.count, partsOf, first.coordinates, second.coordinates),
    choices: choicesOf(pairs.count, partsOf, first.choices, second.choices),
    neighbours,
    find,
    first,
    second,
    partsOf,
    pairOf,
  };
}

/** Numbers of pairs; undefined if there is no such pair. */
interface Numbering {
  readonly count: number;
  parts(candidate: number): Pair | undefined;
  pairOf(first: number, second: number): number | undefined;
}

function combined(first: Candidates, second: Candidates): Numbering {
  const count = first.count * second.count;
  return {
    count,
    parts: (candidate) =>
      below(candidate, count)
        ? [Math.floor(candidate / second.count), candidate % second.count]
        : undefined,
    pairOf: (a, b) =>
      below(a, first.count) && below(b, second.count) ? a * second.count + b : undefined,
  };
}

function listed(list: readonly Pair[], first: Candidates, second: Candidates): Numbering {
  const all = combined(first, second);
  const numbers = new Map<number, number>();
  for (const [number, [a, b]] of list.entries()) {
    const pair = all.pairOf(a, b);
    if (pair === undefined) throw new RangeError(`there is no candidate for the pair (${a}, ${b})`);
    if (numbers.has(pair)) throw new RangeError(`the pair (${a}, ${b}) is listed twice`);
    numbers.set(pair, number);
  }
  return {
    count: list.length,
    parts: (candidate) => list[candidate],
    pairOf: (a, b) => numbers.get(all.pairOf(a, b) ?? Number.NaN),
  };
}

function below(number: number, count: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < count;
}

function coordinatesOf(
  count: number,
  partsOf: (candidate: number) => Pair,
  first: Points,
  second: Points,
): Points {
  const width = first.width + second.width;
  const values = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const [a, b] = partsOf(i);
    values.set(first.values.subarray(a * first.width, (a + 1) * first.width), i * width);
    values.set(
      second.values.subarray(b * second.width, (b + 1) * second.width),
      i * width + first.width,
    );
  }
  return { values, width };
}

function choicesOf(
  count: number,
  partsOf: (candidate: number) => Pair,
  first: Choices,
  second: Choices,
): Choices {
  const sizes = [...first.sizes, ...second.sizes];
  const [before, after] = [first.sizes.length, second.sizes.length];
  const values = new Int32Array(count * sizes.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = partsOf(i);
    const at = i * sizes.length;
    values.set(first.values.subarray(a * before, (a + 1) * before), at);
    values.set(second.values.subarray(b * after, (b + 1) * after), at + before);
  }
  return { sizes, values };
}

/**
 * A selection of candidates in a given order, for a search that must not see the others. Candidate i of the selection is
 * candidate `numbers[i]`; pairs stay pairs. Neighbours outside the selection are left out.
 */
export function someOf(candidates: Candidates, numbers: readonly number[]): Candidates {
  const places = new Map(numbers.map((number, place) => [number, place]));
  const { sizes, values } = candidates.choices;
  const { graphOf } = candidates;
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
    ...(graphOf && { graphOf: (place) => graphOf(numberAt(numbers, place)) }),
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
