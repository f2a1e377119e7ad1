/**
 * Share of a series' values that are worth an independent one each, in (0, 1]: (1 - rho) / (1 + rho) for a first-order
 * autoregression (Bayley and Hammersley 1946, "The effective number of independent observations in an autocorrelated
 * time series"), with rho freed of the first-order bias of its estimate. NaN = no value; `values` are in order of time.
 */
export function independent(values: Float64Array): number {
  const there = values.filter((value) => !Number.isNaN(value));
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  const variance = there.reduce((sum, value) => sum + (value - mean) ** 2, 0) / there.length;
  let sum = 0;
  let pairs = 0;
  for (let i = 1; i < values.length; i++) {
    const product = ((values[i] as number) - mean) * ((values[i - 1] as number) - mean);
    if (Number.isNaN(product)) continue;
    sum += product;
    pairs += 1;
  }
  if (pairs === 0 || variance === 0) return 1;
  const found = sum / pairs / variance;
  const rho = Math.min(MOST, Math.max(0, found + (1 + 3 * found) / there.length));
  return (1 - rho) / (1 + rho);
}

/** Nearer to 1 no window is long enough to tell. */
const MOST = 0.98;
