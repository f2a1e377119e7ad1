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

/** Minus the derivative of `matern52` by r^2. */
export function matern52Slope(squaredDistance: number): number {
  const scaled = ROOT_5 * Math.sqrt(squaredDistance);
  return (5 / 6) * (1 + scaled) * Math.exp(-scaled);
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
  for (let row = 0; row < distances.length; row++) {
    let sum = 0;
    for (let place = 0; place < width; place++) {
      const apart = (point[place] as number) - (values[row * width + place] as number);
      sum += apart * apart;
    }
    distances[row] = sum;
  }
  return distances;
}
