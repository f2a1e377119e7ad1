/** Rows used, lags tried, and the result without a period; as in TSB-AD's find_length_rank. */
const ROWS = 20_000;
const FIRST_LAG = 3;
const LAST_LAG = 400;
const FALLBACK = 125;

/**
 * A period of the series in rows, for use as the window of `vus`: the lag with the highest local maximum of the
 * autocorrelation, 125 when there is none or it lies outside about 6 to 303. `values` is (n,), one channel, finite.
 * O(n * 400).
 */
export function windowLength(values: Float64Array): number {
  const correlation = autocorrelation(values.subarray(0, ROWS));
  let best = -1;
  for (let i = 1; i < correlation.length - 1; i++) {
    const value = correlation[i] as number;
    const isPeak = value > (correlation[i - 1] as number) && value > (correlation[i + 1] as number);
    if (isPeak && (best < 0 || value >= (correlation[best] as number))) best = i;
  }
  return best < 3 || best > 300 ? FALLBACK : best + FIRST_LAG;
}

/** Lags 3..400, each over all n rows (the biased estimate), divided by lag 0. */
function autocorrelation(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < centred.length; i++) {
      sum += (centred[i] as number) * (centred[i - lag] as number);
    }
    return sum;
  };
  const variance = covariance(0);
  const last = Math.min(LAST_LAG, values.length - 1);
  return Float64Array.from(
    { length: Math.max(0, last - FIRST_LAG + 1) },
    (_, i) => covariance(i + FIRST_LAG) / variance,
  );
}
