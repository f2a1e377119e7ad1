// What the surrogate sees of candidates: where they lie, and what was chosen.
import { frameOf, intoFrame } from '../../../engine/regression/heteroscedastic/scaling.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import type { Candidates, Choices } from '../contract.ts';

export interface SurrogateInputs {
  /** Coordinates of all halves, and after them the choices of all halves. */
  readonly points: Points;
  /** Widths of the coordinates of each half. */
  readonly parts: readonly number[];
  /** Widths of the choices of each half that has any. */
  readonly effects: readonly number[];
}

/**
 * Of candidates that are made of `halves`, or whole. Coordinates are in the frame that distances are measured in. Each option
 * of each place has a column, and so has its absence; those that the same candidates have are one. So that choices weigh as
 * much as coordinates, the squares of a candidate's columns sum up to the width of the coordinates of that half.
 */
export function inputsOf(
  { coordinates, choices, count }: Candidates,
  halves: readonly Candidates[],
): SurrogateInputs {
  const parts = halves.map((half) => half.coordinates.width);
  const columns = columnsOfHalves(choices, halves);
  const framed = intoFrame(frameOf(coordinates, parts), coordinates.values);
  const width = coordinates.width + columns.flat().length;
  const values = new Float64Array(count * width);
  for (let candidate = 0; candidate < count; candidate++) {
    const from = candidate * coordinates.width;
    values.set(framed.subarray(from, from + coordinates.width), candidate * width);
  }
  for (const [i, { chosenBy, value }] of columns.flat().entries()) {
    for (const candidate of chosenBy) values[candidate * width + coordinates.width + i] = value;
  }
  const widths = columns.map((ofHalf) => ofHalf.length);
  return { points: { values, width }, parts, effects: widths.filter((each) => each > 0) };
}

interface Column {
  readonly chosenBy: readonly number[];
  /** What these have there, all others have 0. */
  readonly value: number;
}

function columnsOfHalves(
  choices: Choices,
  halves: readonly Candidates[],
): readonly (readonly Column[])[] {
  let from = 0;
  return halves.map(({ coordinates, choices: { sizes } }) => {
    const options = sizes.flatMap((_, place) => optionsOf(choices, from + place));
    from += sizes.length;
    const alike = new Map<string, Column>();
    for (const chosenBy of options) {
      const key = chosenBy.join();
      const squared = (alike.get(key)?.value ?? 0) ** 2 + coordinates.width / sizes.length;
      alike.set(key, { chosenBy, value: Math.sqrt(squared) });
    }
    return [...alike.values()];
  });
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
