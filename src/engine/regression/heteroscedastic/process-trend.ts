// The trend of smooth functions over numbers: a Gaussian process, which meets known points and is sure of itself beside them.
import type { Kernel } from '../gaussian-posterior.ts';
import { likeliestKernel } from '../gaussian-process.ts';
import { settledProcess } from '../settled-process.ts';
import type { FitTrend } from './trends.ts';

/** Deviation of ln (length scale / typical one) a priori: within a factor of 3 for two in three. Our choice. */
const PRIOR = 1;

/** Steps of the descent that seeks the kernel: each starts where the last one ended. Our choice. */
const STEPS = 12;

/** The kernel is sought again once the number of points has grown by this factor. Our choice. */
const GROWTH = 1.1;

/**
 * Matern 5/2 kernel with a length scale for each coordinate, or for each of `groups` of neighbouring ones. Call it with ever more
 * points: it remembers its kernel. A value is compared with the mean at its point as if the value were not known.
 */
export function processTrend(groups?: readonly number[]): FitTrend {
  let kernel: Kernel | undefined;
  let until = 0;
  return ({ points, y }) => {
    if (!kernel || y.length >= until) {
      const options = { each: true, prior: PRIOR, steps: STEPS, ...(groups && { groups }) };
      kernel = likeliestKernel(points, y, options, kernel).kernel;
      until = Math.ceil(GROWTH * y.length);
    }
    const { width } = points;
    const process = settledProcess(kernel, points, y);
    const at = (values: Float64Array) => {
      const found = process.at({ values, width });
      return {
        mean: found.mean,
        get doubt() {
          return found.deviation;
        },
        gradient: found.gradient,
      };
    };
    return { trend: { at }, expected: process.leftOut() };
  };
}
