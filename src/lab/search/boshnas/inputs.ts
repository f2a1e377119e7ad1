// What the surrogate sees of candidates: where they lie, and what was chosen.
import { frameOf, intoFrame } from '../../../engine/regression/heteroscedastic/acquisition.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import type { Candidates } from '../contract.ts';
import { columnsOf } from './columns.ts';

export interface SurrogateInputs {
  /** Coordinates of all halves, and after them the choices of all halves. */
  readonly points: Points;
  /** Widths of the coordinates of each half. */
  readonly parts: readonly number[];
  /** Widths of the choices of each half that has any. */
  readonly effects: readonly number[];
}

/**
 * Of candidates that are made of `halves`, or whole. Coordinates are in the frame that distances are measured in. What was
 * chosen is in columns, see `columnsOf`; those of a half weigh as much as its coordinates.
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
