// The probability that correlated normal numbers all keep within their limits: quadrature over all but the last, which
// has a closed form. Conditioning one after the other is that of Genz 1992, "Numerical computation of multivariate
// normal probabilities".
//
// Notation   n numbers, standard normal each, correlation R = L L', a_i the limits: |x_i| <= a_i

/** Nodes of Gauss and Legendre a dimension. */
const NODES = 8;
/** Beyond it there are 7 in a million. */
const FARTHEST = 4.5;
const { places, weights } = gaussLegendre(NODES);

export interface Correlated {
  /** n of L. */
  readonly size: number;
  /** L, (n, n) row-major. */
  readonly lower: Float64Array;
}

/** P(|x_i| <= a_i for the first `count`), 0 to 1. Cost: 8^(count - 1). Exact to some 1e-4 for correlations up to 0.9. */
export function probabilityWithin(
  limits: ArrayLike<number>,
  { size, lower }: Correlated,
  count: number,
): number {
  const x = new Float64Array(count);

  const within = (i: number): number => {
    let centre = 0;
    for (let j = 0; j < i; j += 1) centre += (lower[i * size + j] as number) * (x[j] as number);
    const scale = lower[i * size + i] as number;
    const limit = limits[i] as number;
    const from = (-limit - centre) / scale;
    const to = (limit - centre) / scale;
    if (i === count - 1) return Math.max(0, distribution(to) - distribution(from));
    return integral(i, Math.max(-FARTHEST, from), Math.min(FARTHEST, to));
  };

  const integral = (i: number, from: number, to: number): number => {
    // The first is as often negative as positive.
    const begin = i === 0 ? 0 : from;
    if (to <= begin) return 0;
    let sum = 0;
    for (let node = 0; node < NODES; node += 1) {
      const z = begin + (to - begin) * (places[node] as number);
      x[i] = z;
      sum += (weights[node] as number) * Math.exp((-z * z) / 2) * within(i + 1);
    }
    const half = (sum * (to - begin)) / Math.sqrt(2 * Math.PI);
    return i === 0 ? 2 * half : half;
  };
  return Math.min(1, within(0));
}

/** Phi to 8e-8: Abramowitz and Stegun 1964, 7.1.26. That of the kernels is exact, and sums up to 120 terms for it. */
function distribution(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  const t = 1 / (1 + 0.3275911 * z);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp(-z * z)) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** On [0, 1]: roots of the Legendre polynomial by Newton's method, and their weights. */
function gaussLegendre(count: number): { places: Float64Array; weights: Float64Array } {
  const places = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let round = 0; round < 20; round += 1) {
      let [p, before] = [1, 0];
      for (let k = 1; k <= count; k += 1) {
        [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      }
      slope = (count * (x * p - before)) / (x * x - 1);
      x -= p / slope;
    }
    places[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { places, weights };
}
