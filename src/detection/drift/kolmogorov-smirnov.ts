// Whether two samples come from one distribution.
//
// Notation   D greatest distance of the two empirical distributions, 0 to 1; n samples that are worth something each.
import { type Numbers, sorted } from '../../engine/statistics.ts';

/** D of two samples, neither of them empty. O(N log N). */
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

/** Terms after which the alternating series has no digit left. */
const TERMS = 100;

/**
 * Probability of a distance of at least D between two samples of one distribution, `n` and `m` strong: Kolmogorov's
 * series with Stephens' correction for small samples, as in Stephens 1970, "Use of the Kolmogorov-Smirnov,
 * Cramer-von Mises and related statistics without extensive tables".
 */
export function probability(D: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const lambda = (root + 0.12 + 0.11 / root) * D;
  if (lambda < 0.2) return 1; // the series does not converge there, and says nothing else
  let sum = 0;
  for (let k = 1; k <= TERMS; k++) {
    sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  }
  return Math.min(1, Math.max(0, sum));
}
