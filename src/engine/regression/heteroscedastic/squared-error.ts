/** Gradient of the mean squared error of some rows' outputs by these outputs: `found` (rows,), `y` of all. */
export function errors(found: Float64Array, y: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(
    rows,
    (row, k) => (2 * ((found[k] as number) - (y[row] as number))) / rows.length,
  );
}
