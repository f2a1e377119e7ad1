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
 * Of candidates that are made of `halves`, or whole. Coordinates are in the frame that distances are measured in. Each place
 * has a column for each of its options, and one for its absence; so that choices weigh as much as coordinates, the squares of
 * a candidate's columns sum up to the width of the coordinates of that half.
 */
export function inputsOf(
  { coordinates, choices, count }: Candidates,
  halves: readonly Candidates[],
): SurrogateInputs {
  const parts = halves.map((half) => half.coordinates.width);
  const widths = halves.map((half) => half.choices.sizes.reduce((sum, size) => sum + size + 1, 0));
  const units = halves.flatMap(({ choices: { sizes } }, i) =>
    sizes.map(() => Math.sqrt((parts[i] as number) / sizes.length)),
  );
  const framed = intoFrame(frameOf(coordinates, parts), coordinates.values);
  const width = coordinates.width + widths.reduce((sum, each) => sum + each, 0);
  const values = new Float64Array(count * width);
  for (let candidate = 0; candidate < count; candidate++) {
    const row = values.subarray(candidate * width, (candidate + 1) * width);
    const from = candidate * coordinates.width;
    row.set(framed.subarray(from, from + coordinates.width));
    mark(row.subarray(coordinates.width), choices, candidate, units);
  }
  return { points: { values, width }, parts, effects: widths.filter((each) => each > 0) };
}

function mark(
  row: Float64Array,
  { sizes, values }: Choices,
  candidate: number,
  units: readonly number[],
): void {
  let from = 0;
  for (const [place, size] of sizes.entries()) {
    const option = values[candidate * sizes.length + place] as number;
    // An absent one is -1: in the last column of the place.
    row[from + (option < 0 ? size : option)] = units[place] as number;
    from += size + 1;
  }
}
