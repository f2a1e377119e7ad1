// What was chosen as columns whose effects add up: each option where it was chosen, and wherever it was chosen.
import type { Candidates, Choices } from '../contract.ts';

export interface Column {
  /** The value of each of these; all others have 0. */
  readonly candidates: readonly number[];
  readonly values: readonly number[];
}

/**
 * Of the squares of a candidate's columns, what those have that do not ask where: what an option is worth in one layer tells
 * of the others. Chosen on the recordings that results/search names.
 */
const WHEREVER = 0.4;

/**
 * Of a half whose places begin with `from` among the `choices`. The squares of a candidate's columns sum up to `weight`,
 * whether it has many layers or few: each option of each place has a column, and what is absent has none, or small networks
 * would all be alike in the layers they have not. Options that the same candidates have are one column. Of each kind that
 * several places have, each option has one more: the share of these places that have it, shares taken as a direction.
 */
export function columnsOf(
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

/** `weight`: of all these places, shared out among those that a candidate has. */
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

/** Of each option of a place that any candidate has, which these are. */
function optionsOf(choices: Choices, place: number): readonly (readonly number[])[] {
  const having = Array.from({ length: choices.sizes[place] as number }, (): number[] => []);
  for (let candidate = 0; candidate < countOf(choices); candidate++) {
    having[optionAt(choices, candidate, place)]?.push(candidate);
  }
  return having.filter((candidates) => candidates.length > 0);
}

/** `weight`: of all these places, which have the same options. */
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

/** Negative = the candidate has not this place. */
function optionAt({ sizes, values }: Choices, candidate: number, place: number): number {
  return values[candidate * sizes.length + place] as number;
}
