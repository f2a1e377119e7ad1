import type { Points } from '../../../../engine/regression/regressor.ts';

/** Coordinates that are made row by row, each of the same width. */
export function pointsOf(rows: readonly (readonly number[])[]): Points {
  return { values: Float64Array.from(rows.flat()), width: rows[0]?.length ?? 0 };
}
