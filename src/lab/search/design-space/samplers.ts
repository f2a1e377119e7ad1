// Sobol's sequence, shifted at random. Bratley and Fox 1988, "Algorithm 659: implementing Sobol's quasirandom sequence
// generator"; polynomials and first numbers of Joe and Kuo 2008, "Constructing Sobol sequences with better
// two-dimensional projections", as in SciPy.
import type { Random } from '../../../engine/random.ts';

/**
 * Points that fill the unit cube evenly, each coordinate in [0, 1). Returns a function that draws the next `count` points,
 * each (dimensions,).
 */
export type Sampler = (
  dimensions: number,
  random: Random,
) => (count: number) => readonly Float64Array[];

/**
 * Divides every coordinate into as many equal slices as points are drawn at once, and puts one point into each slice.
 * McKay, Beckman and Conover 1979, "A comparison of three methods for selecting values of input variables in the analysis
 * of output from a computer code".
 */
export const latinHypercube: Sampler = (dimensions, random) => (count) => {
  const points = Array.from({ length: count }, () => new Float64Array(dimensions));
  for (let d = 0; d < dimensions; d++) {
    const slices = Uint32Array.from({ length: count }, (_, i) => i);
    random.shuffle(slices);
    for (const [i, point] of points.entries()) {
      point[d] = ((slices[i] as number) + random.uniform()) / count;
    }
  }
  return points;
};

const BITS = 32;

/** For each dimension except the first: a primitive polynomial, its coefficients as bits, and the first direction numbers. */
const directions: readonly (readonly [polynomial: number, first: readonly number[]])[] = [
  [3, [1]],
  [7, [1, 3]],
  [11, [1, 3, 1]],
  [13, [1, 1, 1]],
  [19, [1, 1, 3, 3]],
  [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]],
  [41, [1, 1, 5, 5, 5]],
  [47, [1, 1, 7, 11, 19]],
  [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]],
  [61, [1, 3, 5, 5, 31]],
  [67, [1, 3, 3, 9, 7, 49]],
  [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]],
  [103, [1, 1, 1, 15, 7, 5]],
  [109, [1, 3, 1, 15, 13, 25]],
  [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]],
  [137, [1, 3, 7, 13, 13, 15, 69]],
  [143, [1, 1, 3, 13, 7, 35, 63]],
  [145, [1, 3, 5, 9, 1, 25, 53]],
  [157, [1, 3, 1, 13, 9, 35, 107]],
  [167, [1, 3, 1, 5, 27, 61, 31]],
  [171, [1, 1, 5, 11, 19, 41, 61]],
  [185, [1, 3, 5, 3, 3, 13, 69]],
  [191, [1, 1, 7, 13, 1, 19, 1]],
  [193, [1, 3, 7, 5, 13, 19, 59]],
  [203, [1, 1, 3, 9, 25, 29, 41]],
  [211, [1, 3, 5, 13, 23, 1, 55]],
  [213, [1, 3, 7, 3, 13, 59, 17]],
  [229, [1, 3, 1, 3, 5, 53, 69]],
  [239, [1, 1, 5, 5, 23, 33, 13]],
  [241, [1, 1, 7, 7, 1, 61, 123]],
  [247, [1, 1, 7, 9, 13, 61, 49]],
  [253, [1, 3, 3, 5, 3, 55, 33]],
];

/** Number of dimensions with direction numbers. */
export const SOBOL_DIMENSIONS = directions.length + 1;

/**
 * Of any 2^k points from a multiple of 2^k on, one lies in each slice of 2^-k along every coordinate. Each dimension has one
 * random digital shift, so that seeds differ. Throws `RangeError` beyond `SOBOL_DIMENSIONS`.
 */
export const sobol: Sampler = (dimensions, random) => {
  const shift = Uint32Array.from({ length: dimensions }, () => random.integer(2 ** BITS));
  const next = sobolWords(shift);
  return (count) =>
    Array.from({ length: count }, () => Float64Array.from(next(), (word) => word / 2 ** BITS));
};

/** Draws the next point, (dimensions,) fractions of 2^32; the first one is the shift. */
export function sobolWords(shift: Uint32Array): () => Uint32Array {
  if (shift.length > SOBOL_DIMENSIONS) {
    throw new RangeError(
      `Sobol's sequence has ${SOBOL_DIMENSIONS} dimensions, not ${shift.length}`,
    );
  }
  const numbers = Array.from(shift, (_, dimension) => directionNumbers(dimension));
  let next = shift;
  let drawn = 0;
  return () => {
    const point = next;
    // In the order of a Gray code: from one point to the next, the bit of the lowest 0 in the count of points changes.
    const bit = BITS - 1 - Math.clz32(~drawn & (drawn + 1));
    next = point.map((word, dimension) => word ^ (numbers[dimension]?.[bit] as number));
    drawn += 1;
    return point;
  };
}

function directionNumbers(dimension: number): Uint32Array {
  const numbers = new Uint32Array(BITS).fill(1);
  const direction = directions[dimension - 1];
  if (direction) {
    const [polynomial, first] = direction;
    numbers.set(first);
    for (let i = first.length; i < BITS; i++) {
      numbers[i] = recurrence(numbers, i, first.length, polynomial);
    }
  }
  return numbers.map((number, i) => number << (BITS - 1 - i));
}

/** m_i = m_(i-s) ^ sum over k of 2^k a_k m_(i-k), for a polynomial x^s + a_1 x^(s-1) + ... + a_s. */
function recurrence(m: Uint32Array, i: number, degree: number, polynomial: number): number {
  let sum = m[i - degree] as number;
  for (let k = 1; k <= degree; k++) {
    if ((polynomial >> (degree - k)) & 1) sum ^= (m[i - k] as number) << k;
  }
  return sum >>> 0;
}
