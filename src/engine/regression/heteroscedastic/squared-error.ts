/** Gradient of the mean squared error of some rows' outputs, which come first in `found`, by these outputs. */
export function errors(found: Float64Array, y: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(
    rows,
    (row, k) => (2 * ((found[k] as number) - (y[row] as number))) / rows.length,
  );
}
