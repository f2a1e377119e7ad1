// Inputs of the surrogate: the coordinates of each candidate and, in columns, its choices.

import { dot } from '../../../engine/linear-algebra/dense.ts';
import {
  frameOf,
  intoFrame,
  total,
} from '../../../engine/regression/heteroscedastic/acquisition.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import { rowOf } from '../../../engine/regression/regressor.ts';
import type { Candidates, Choices } from '../contract.ts';

export interface SurrogateInputs {
  /** Coordinates of all halves, and after them the choices of all halves. */
  readonly points: Points;
  /** Widths of the coordinates of each half. */
  readonly parts: readonly number[];
  /** Number of choice columns of each half that has any. */
  readonly effects: readonly number[];
}

/**
 * `halves` are the two parts of a pair, or the candidates themselves. Coordinates are in the frame that distances are
 * measured in. Choices are in columns, see `columnsOf`; the columns of a half weigh as much as its coordinates.
 */
export function inputsOf(
  { coordinates, choices, count }: Candidates,
  halves: readonly Candidates[],
): SurrogateInputs {
  const parts = halves.map((half) => half.coordinates.width);
  let place = 0;
  const columns = halves.map((half) => {
    const from = place;
    place += half.choices.sizes.length;
    return columnsOf(choices, from, half, half.coordinates.width);
  });
  const framed = intoFrame(frameOf(coordinates, parts), coordinates.values);
  const width = coordinates.width + columns.flat().length;
  const values = new Float64Array(count * width);
  for (let candidate = 0; candidate < count; candidate++) {
    const from = candidate * coordinates.width;
    values.set(framed.subarray(from, from + coordinates.width), candidate * width);
  }
  for (const [i, column] of columns.flat().entries()) {
    for (const [k, candidate] of column.candidates.entries()) {
      values[candidate * width + coordinates.width + i] = column.values[k] as number;
    }
  }
  const widths = columns.map((ofHalf) => ofHalf.length);
  return { points: { values, width }, parts, effects: widths.filter((each) => each > 0) };
}

/**
 * The candidate of `drawn` that is least like the nearest of `asked`; the first of equals. Likeness is the cosine between
 * choices, as the surrogate sees them; both halves of a pair weigh the same. Departs from BOSHNAS, whose first candidates
 * and whose diversity sampling are random: random candidates resemble each other, and what they share teaches nothing.
 */
export function leastAlike(
  drawn: readonly number[],
  asked: readonly number[],
  inputs: SurrogateInputs,
): number {
  const inCommon = drawn.map((candidate) =>
    asked.reduce(
      (most, other) => Math.max(most, likeness(inputs, candidate, other)),
      Number.NEGATIVE_INFINITY,
    ),
  );
  return drawn[inCommon.indexOf(Math.min(...inCommon))] as number;
}

/** Cosine of each half's choices, added up. */
function likeness({ points, parts, effects }: SurrogateInputs, one: number, other: number): number {
  const [a, b] = [rowOf(points, one), rowOf(points, other)];
  let from = total(parts);
  let sum = 0;
  for (const width of effects) {
    sum += cosine(a.subarray(from, from + width), b.subarray(from, from + width));
    from += width;
  }
  return sum;
}

/** 0 where either vector is 0. */
function cosine(a: Float64Array, b: Float64Array): number {
  const product = dot(a, b);
  return product === 0 ? 0 : product / Math.sqrt(dot(a, a) * dot(b, b));
}

interface Column {
  /** The value of each of these; all others have 0. */
  readonly candidates: readonly number[];
  readonly values: readonly number[];
}

/**
 * Share of the weight of a candidate's columns that is independent of the place: the effect of an option in one layer
 * predicts its effect in the others. Chosen on the recordings that results/search names.
 */
const WHEREVER = 0.4;

/**
 * The choices of a half as columns whose effects add up. The places of the half begin at `from` in `choices`. Each option of
 * each place has a column; options that the same candidates have share one. The squares of a candidate's columns sum up to
 * `weight`, for many layers or few. Absent layers have no column: it would make all small networks alike. If several places
 * have the same kind, each option of the kind has one more column: the share of these places that have it, normalised.
 */
function columnsOf(
  choices: Choices,
  from: number,
  { choices: { sizes, kinds = [] } }: Candidates,
  weight: number,
): readonly Column[] {
  const places = sizes.map((_, place) => from + place);
  const kindred = [...new Set(kinds)]
    .map((kind) => places.filter((place) => kinds[place - from] === kind))
    .filter((group) => group.length > 1);
  const wherever = kindred.length > 0 ? WHEREVER * weight : 0;
  return [
    ...columnsWhere(choices, places, weight - wherever),
    ...kindred.flatMap((group) => columnsWherever(choices, group, wherever / kindred.length)),
  ];
}

/** `weight` is the total over all these places; it is divided among the places that a candidate has. */
function columnsWhere(
  choices: Choices,
  places: readonly number[],
  weight: number,
): readonly Column[] {
  const alike = new Map<string, { candidates: readonly number[]; options: number }>();
  for (const candidates of places.flatMap((place) => optionsOf(choices, place))) {
    const key = candidates.join();
    const options = (alike.get(key)?.options ?? 0) + 1;
    alike.set(key, { candidates, options });
  }
  const chosen = Array.from(
    { length: countOf(choices) },
    (_, candidate) => places.filter((place) => optionAt(choices, candidate, place) >= 0).length,
  );
  return [...alike.values()].map(({ candidates, options }) => ({
    candidates,
    values: candidates.map((candidate) =>
      Math.sqrt((weight * options) / (chosen[candidate] as number)),
    ),
  }));
}

/** The candidates of each option of a place; options without candidates are left out. */
function optionsOf(choices: Choices, place: number): readonly (readonly number[])[] {
  const having = Array.from({ length: choices.sizes[place] as number }, (): number[] => []);
  for (let candidate = 0; candidate < countOf(choices); candidate++) {
    having[optionAt(choices, candidate, place)]?.push(candidate);
  }
  return having.filter((candidates) => candidates.length > 0);
}

/** `weight` is the total over all these places, which have the same options. */
function columnsWherever(
  choices: Choices,
  places: readonly number[],
  weight: number,
): readonly Column[] {
  const columns = Array.from({ length: choices.sizes[places[0] as number] as number }, () => ({
    candidates: [] as number[],
    values: [] as number[],
  }));
  for (let candidate = 0; candidate < countOf(choices); candidate++) {
    const chosen = places.map((place) => optionAt(choices, candidate, place));
    const times = columns.map((_, option) => chosen.filter((one) => one === option).length);
    const length = Math.hypot(...times);
    for (const [option, count] of times.entries()) {
      if (count === 0) continue;
      columns[option]?.candidates.push(candidate);
      columns[option]?.values.push((Math.sqrt(weight) * count) / length);
    }
  }
  return columns.filter(({ candidates }) => candidates.length > 0);
}

function countOf({ sizes, values }: Choices): number {
  return values.length / sizes.length;
}

/** Negative = the candidate lacks this place. */
function optionAt({ sizes, values }: Choices, candidate: number, place: number): number {
  return values[candidate * sizes.length + place] as number;
}
