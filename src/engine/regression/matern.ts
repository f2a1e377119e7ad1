// The Matern kernel with smoothness 5/2, for twice differentiable functions.
//
// Notation   N training points, M points to predict, E coordinates of each
//            r   distance of two points, each coordinate in units of its length scale
import { countOf, type Points, rowOf } from './regressor.ts';

const ROOT_5 = Math.sqrt(5);

/** Rasmussen and Williams 2006, "Gaussian processes for machine learning", eq. 4.17, as a function of r^2. */
export function matern52(squaredDistance: number): number {
  const scaled = ROOT_5 * Math.sqrt(squaredDistance);
  return (1 + scaled + scaled ** 2 / 3) * Math.exp(-scaled);
}

/** `matern52` of each r^2, and minus its derivative, into the two arrays from `at` on; the exponential is most of the work. */
export function correlate(
  squares: Float64Array,
  correlations: Float64Array,
  slopes: Float64Array,
  at: number,
): void {
  for (let i = 0; i < squares.length; i++) {
    const scaled = ROOT_5 * Math.sqrt(squares[i] as number);
    const decay = Math.exp(-scaled);
    correlations[at + i] = (1 + scaled + scaled ** 2 / 3) * decay;
    slopes[at + i] = (5 / 6) * (1 + scaled) * decay;
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

/** (M,): r^2 of `point`, (E,), and each of the points. */
export function squaredDistances(point: Float64Array, points: Points): Float64Array {
  const { values, width } = points;
  const distances = new Float64Array(countOf(points));
  const whole = distances.length - (distances.length % 4);
  // Four at a time: their sums do not wait for each other.
  for (let row = 0; row < whole; row += 4) {
    const from = row * width;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let place = 0; place < width; place++) {
      const here = point[place] as number;
      const at = from + place;
      const a0 = here - (values[at] as number);
      const a1 = here - (values[at + width] as number);
      const a2 = here - (values[at + 2 * width] as number);
      const a3 = here - (values[at + 3 * width] as number);
      s0 += a0 * a0;
      s1 += a1 * a1;
      s2 += a2 * a2;
      s3 += a3 * a3;
    }
    distances[row] = s0;
    distances[row + 1] = s1;
    distances[row + 2] = s2;
    distances[row + 3] = s3;
  }
  for (let row = whole; row < distances.length; row++) {
    let sum = 0;
    for (let place = 0; place < width; place++) {
      const apart = (point[place] as number) - (values[row * width + place] as number);
      sum += apart * apart;
    }
    distances[row] = sum;
  }
  return distances;
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
  for (let i = 0; i < count; i++) {
    const before = { values: all.subarray(0, i * width), width };
    const distances = squaredDistances(rowOf(points, i), before);
    squared.set(distances, i * count);
    correlate(distances, values, slopes, i * count);
    values[i * count + i] = 1 + noiseRatio;
  }
  return { squared, values, slopes };
}
