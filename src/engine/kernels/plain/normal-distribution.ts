// The normal distribution in double precision.

/** From here on the tail is computed directly, because 1 - Phi would lose digits. */
const TAIL = 3;
/** Terms for full double precision at TAIL; beyond it, fewer suffice. */
const FRACTIONS = 120;

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Phi(x), the probability of less than x. */
export function normalDistribution(x: number): number {
  if (x > TAIL) return 1 - upperTail(x);
  return x < -TAIL ? upperTail(-x) : 0.5 + normalDensity(x) * series(x);
}

/** x + x^3 / 3 + x^5 / (3 5) + ... (Marsaglia 2004, "Evaluating the normal distribution"). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

/** Laplace's continued fraction of Mills' ratio: 1 / (x + 1 / (x + 2 / (x + 3 / ...))). */
function upperTail(x: number): number {
  let fraction = x;
  for (let k = FRACTIONS; k > 0; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
