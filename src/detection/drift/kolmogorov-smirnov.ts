// Two-sample Kolmogorov-Smirnov test.
//
// Notation   D greatest distance of the two empirical distributions, 0 to 1; n, m effective sample sizes.
import { type Numbers, sorted } from '../../engine/statistics.ts';

/** D of two non-empty samples. O(N log N). */
export function distance(a: Numbers, b: Numbers): number {
  const [x, y] = [sorted(a), sorted(b)];
  let greatest = 0;
  let [i, j] = [0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i] as number, y[j] as number);
    while (i < x.length && (x[i] as number) <= value) i++;
    while (j < y.length && (y[j] as number) <= value) j++;
    greatest = Math.max(greatest, Math.abs(i / x.length - j / y.length));
  }
  return greatest;
}

/** Terms of the alternating series; further ones do not change any digit. */
const TERMS = 100;

/**
 * Probability of a distance of at least D between two samples of one distribution, with sizes `n` and `m`: Kolmogorov's
 * series with Stephens' correction for small samples, as in Stephens 1970, "Use of the Kolmogorov-Smirnov,
 * Cramer-von Mises and related statistics without extensive tables".
 */
export function probability(D: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const lambda = (root + 0.12 + 0.11 / root) * D;
  if (lambda < 0.2) return 1; // the series does not converge there; the limit is 1
  let sum = 0;
  for (let k = 1; k <= TERMS; k++) {
    sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  }
  return Math.min(1, Math.max(0, sum));
}

/**
 * Effective share of independent values of a series, in (0, 1]: (1 - rho) / (1 + rho) for a first-order
 * autoregression (Bayley and Hammersley 1946, "The effective number of independent observations in an autocorrelated
 * time series"), with rho corrected for the first-order bias of its estimate. NaN = no value; `values` are in time order.
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

/** Greatest rho: closer to 1, no window is long enough for an estimate. */
const MOST = 0.98;
