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
 * Of a half whose places begin with `from` among the `choices`. The squares of a candidate's columns sum up to `weight`.
 * Each option of each place has a column, and so has its absence; those that the same candidates have are one. Of each kind
 * that several places have, each option has one more: the share of these places that have it, shares taken as a direction.
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
    ...columnsWhere(choices, places, (weight - wherever) / places.length),
    ...kindred.flatMap((group) => columnsWherever(choices, group, wherever / kindred.length)),
  ];
}

/** `weight`: of each place. */
function columnsWhere(
  choices: Choices,
  places: readonly number[],
  weight: number,
): readonly Column[] {
  const alike = new Map<string, { candidates: readonly number[]; squared: number }>();
  for (const candidates of places.flatMap((place) => optionsOf(choices, place))) {
    const key = candidates.join();
    const squared = (alike.get(key)?.squared ?? 0) + weight;
    alike.set(key, { candidates, squared });
  }
  return [...alike.values()].map(({ candidates, squared }) => ({
    candidates,
    values: candidates.map(() => Math.sqrt(squared)),
  }));
}

/** Of each option of a place that any candidate has, and of its absence, which these are. */
function optionsOf({ sizes, values }: Choices, place: number): readonly (readonly number[])[] {
  const places = sizes.length;
  const having = Array.from({ length: (sizes[place] as number) + 1 }, (): number[] => []);
  for (let candidate = 0; candidate < values.length / places; candidate++) {
    // An absent one is -1: the last of these.
    having.at(values[candidate * places + place] as number)?.push(candidate);
  }
  return having.filter((candidates) => candidates.length > 0);
}

/** `weight`: of all these places, which have the same options. */
function columnsWherever(
  { sizes, values }: Choices,
  places: readonly number[],
  weight: number,
): readonly Column[] {
  const options = sizes[places[0] as number] as number;
  const columns = Array.from({ length: options + 1 }, () => ({
    candidates: [] as number[],
    values: [] as number[],
  }));
  for (let candidate = 0; candidate < values.length / sizes.length; candidate++) {
    const chosen = places.map((place) => values[candidate * sizes.length + place] as number);
    const times = columns.map((_, option) => chosen.filter((one) => one === option).length);
    // All of them absent: the last column.
    if (chosen.every((option) => option < 0)) times[options] = 1;
    const length = Math.hypot(...times);
    for (const [option, count] of times.entries()) {
      if (count === 0) continue;
      columns[option]?.candidates.push(candidate);
      columns[option]?.values.push((Math.sqrt(weight) * count) / length);
    }
  }
  return columns.filter(({ candidates }) => candidates.length > 0);
}
