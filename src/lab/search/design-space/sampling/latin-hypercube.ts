import type { Sampler } from './sampler.ts';

/**
 * One point in each of as many equal slices as points are drawn at once, along every coordinate.
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
