// The Matern kernel with smoothness 5/2, for twice differentiable functions.
//
// Notation   N training points, M points to predict, E coordinates of each
//            r   distance of two points, each coordinate in units of its length scale
import { countOf, type Points } from './regressor.ts';

const ROOT_5 = Math.sqrt(5);

/** Rasmussen and Williams 2006, "Gaussian processes for machine learning", eq. 4.17, as a function of r^2. */
export function matern52(squaredDistance: number): number {
  const scaled = ROOT_5 * Math.sqrt(squaredDistance);
  return (1 + scaled + scaled ** 2 / 3) * Math.exp(-scaled);
}

/** Puts `matern52` in the place of each r^2, and minus its derivative into `slopes`; the exponential is most of the work. */
export function correlate(squares: Float64Array, slopes: Float64Array): void {
  for (let i = 0; i < squares.length; i++) {
    const scaled = ROOT_5 * Math.sqrt(squares[i] as number);
    const decay = Math.exp(-scaled);
    squares[i] = (1 + scaled + scaled ** 2 / 3) * decay;
    slopes[i] = (5 / 6) * (1 + scaled) * decay;
  }
}

/** The points with each coordinate divided by its length scale, of which there are E, or one for all. */
export function inLengthScales(points: Points, lengthScales: Float64Array): Points {
  const { width } = points;
  if (lengthScales.length !== width && lengthScales.length !== 1) {
    throw new RangeError(`${lengthScales.length} length scales for ${width} coordinates`);
  }
  const values = points.values.map(
    (value, i) => value / (lengthScales[(i % width) % lengthScales.length] as number),
  );
  return { values, width };
}

/**
 * (M, N): r^2 of each of `asked`, (M, E), and each of `known`, (N, E). Two places and four known points at a time: their sums do
 * not wait for each other, and what is loaded once serves for several.
 */
export function squaredDistances(asked: Points, known: Points): Float64Array {
  const [rows, count] = [countOf(asked), countOf(known)];
  const distances = new Float64Array(rows * count);
  const whole = count - (count % 4);
  for (let from = 0; from < whole; from += 4) {
    for (let row = 0; row < rows; row += 2) {
      // The last of an odd number, twice.
      toFour(asked, row, Math.min(row + 1, rows - 1), known, from, distances);
    }
  }
  const { width } = known;
  for (let row = 0; row < rows; row++) {
    for (let one = whole; one < count; one++) {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        const apart =
          (asked.values[row * width + i] as number) - (known.values[one * width + i] as number);
        sum += apart * apart;
      }
      distances[row * count + one] = sum;
    }
  }
  return distances;
}

/** Of two places, which may be the same one, to the four known points from `from` on. */
function toFour(
  { values: places, width }: Points,
  row: number,
  next: number,
  { values }: Points,
  from: number,
  distances: Float64Array,
): void {
  const [p, q, at] = [row * width, next * width, from * width];
  const [at1, at2, at3] = [at + width, at + 2 * width, at + 3 * width];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [t0, t1, t2, t3] = [0, 0, 0, 0];
  for (let i = 0; i < width; i++) {
    const x = places[p + i] as number;
    const y = places[q + i] as number;
    const v0 = values[at + i] as number;
    const v1 = values[at1 + i] as number;
    const v2 = values[at2 + i] as number;
    const v3 = values[at3 + i] as number;
    s0 += (x - v0) * (x - v0);
    s1 += (x - v1) * (x - v1);
    s2 += (x - v2) * (x - v2);
    s3 += (x - v3) * (x - v3);
    t0 += (y - v0) * (y - v0);
    t1 += (y - v1) * (y - v1);
    t2 += (y - v2) * (y - v2);
    t3 += (y - v3) * (y - v3);
  }
  const count = values.length / width;
  const [first, second] = [row * count + from, next * count + from];
  distances[first] = s0;
  distances[first + 1] = s1;
  distances[first + 2] = s2;
  distances[first + 3] = s3;
  distances[second] = t0;
  distances[second + 1] = t1;
  distances[second + 2] = t2;
  distances[second + 3] = t3;
}

/** Each (N, N), of which the half below the diagonal is filled in. */
export interface Correlations {
  /** r^2 */
  readonly squared: Float64Array;
  /** R, with its diagonal. */
  readonly values: Float64Array;
  /** Minus the derivatives of R by r^2. */
  readonly slopes: Float64Array;
}

/** Among points in units of length scales, with the noise ratio on the diagonal. */
export function correlationsOf(points: Points, noiseRatio: number): Correlations {
  const count = countOf(points);
  const { values: all, width } = points;
  const [squared, values, slopes] = [0, 0, 0].map(() => new Float64Array(count ** 2)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  // Two rows at a time, up to the diagonal of the first.
  for (let i = 0; i < count; i += 2) {
    const rows = { values: all.subarray(i * width, (i + 2) * width), width };
    const before = { values: all.subarray(0, (i + 1) * width), width };
    const distances = squaredDistances(rows, before);
    for (let row = 0; row < countOf(rows); row++) {
      const own = distances.subarray(row * (i + 1), (row + 1) * (i + 1));
      const at = (i + row) * count;
      squared.set(own, at);
      correlate(own, slopes.subarray(at, at + own.length));
      values.set(own, at);
      values[at + i + row] = 1 + noiseRatio;
    }
  }
  return { squared, values, slopes };
}
