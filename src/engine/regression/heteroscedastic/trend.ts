// What is taken out of the values before the networks learn what it leaves.

export interface Trend {
  /** Each (rows,) at x (rows, inputs), in the unit of the values. */
  at(x: Float64Array): { readonly mean: Float64Array; readonly doubt: Float64Array };
  /** (rows, inputs) by x: of the mean, and of the doubt times `byDoubt` (rows,), one added to the other. */
  gradient(x: Float64Array, byDoubt: Float64Array): Float64Array;
}
