// A Gaussian process with the most likely kernel for the training points.
import { dot } from '../linear-algebra/dense.ts';
import { standardDeviation } from '../statistics.ts';
import { kernelOf, profileLikelihood } from './gaussian-likelihood.ts';
import { GaussianPosterior, type Kernel } from './gaussian-posterior.ts';
import { descend } from './quasi-newton.ts';
import {
  columnsOf,
  countOf,
  type FitRegressor,
  type Points,
  type Regressor,
  requireTrainingSet,
  rowOf,
} from './regressor.ts';

export interface GaussianProcess extends Regressor {
  readonly kernel: Kernel;
  /** Variance of the function, in the unit of y squared. */
  readonly variance: number;
  /** Natural logarithm of the marginal likelihood. */
  readonly logLikelihood: number;
}

export interface GaussianProcessOptions {
  /** A length scale for each coordinate ("automatic relevance determination") instead of one for all. */
  readonly each: boolean;
  /** With `each`: widths of groups of neighbouring coordinates that share a length scale; absent = groups of one. */
  readonly groups?: readonly number[];
  /**
   * Standard deviation of the normal prior of ln (length scale / typical one); absent = none. With a length scale for each of
   * many coordinates and few points, the most likely ones without a prior are overconfident.
   */
  readonly prior?: number;
  /** Most steps of a descent; 60 unless told. */
  readonly steps?: number;
}

/** Starting points of the descents: length scales as a share of typical ones, and noise ratio. */
const STARTS = [
  [1, 1e-2],
  [0.3, 1e-1],
  [3, 1e-3],
] as const;
/** Bounds of a length scale as a factor on the typical one; beyond them it has no effect. */
const MOST_LENGTH_SCALE = 1e3;
const LEAST_NOISE_RATIO = 1e-6;
const MOST_NOISE_RATIO = 1e3;
/** Tolerance of the log likelihood; smaller differences between kernels are not significant. */
const TOLERANCE = 1e-6;
const MOST_STEPS = 60;

/**
 * Matern 5/2 kernel, constant mean, homoscedastic Gaussian noise. O(N^3) for each of some hundred kernels that are tried.
 * Does not depend on the seed.
 */
export function gaussianProcess(options: GaussianProcessOptions): FitRegressor<GaussianProcess> {
  return (points, y) => {
    const { kernel, variance, logLikelihood } = likeliestKernel(points, y, options);
    return {
      kernel,
      variance,
      logLikelihood,
      predict(asked) {
        const posterior = new GaussianPosterior(kernel, asked);
        for (let row = 0; row < countOf(points); row++) posterior.observe(rowOf(points, row));
        const { mean, deviation, noise } = posterior.predict(y);
        return { mean, aleatoric: new Float64Array(mean.length).fill(noise), epistemic: deviation };
      },
    };
  };
}

/** The best of descents from three kernels; if the last most likely kernel is given, from that and one more. */
export function likeliestKernel(
  points: Points,
  y: Float64Array,
  { each, groups, prior = Number.POSITIVE_INFINITY, steps = MOST_STEPS }: GaussianProcessOptions,
  lately?: Kernel,
): Pick<GaussianProcess, 'kernel' | 'variance' | 'logLikelihood'> {
  const count = requireTrainingSet(points, y);
  const centre = y.reduce((sum, value) => sum + value, 0) / count;
  const centred = y.map((value) => value - centre);
  const widths = each ? (groups ?? new Array<number>(points.width).fill(1)) : undefined;
  const typical = typicalLengthScales(points, widths ?? [points.width]);
  const least = thetaOf(typical, 1 / MOST_LENGTH_SCALE, LEAST_NOISE_RATIO);
  const most = thetaOf(typical, MOST_LENGTH_SCALE, MOST_NOISE_RATIO);
  const within = (theta: Float64Array) =>
    theta.map((value, i) => Math.min(Math.max(value, least[i] as number), most[i] as number));

  const descents = STARTS.slice(0, lately ? 1 : undefined)
    .map(([share, noiseRatio]) => thetaOf(typical, share, noiseRatio))
    .concat(lately ? [thetaOf(firstOf(lately.lengthScales, widths), 1, lately.noiseRatio)] : [])
    .map((start) =>
      descend(
        (theta) => {
          const inside = within(theta);
          const { value, gradient } = profileLikelihood(points, centred, inside, widths);
          const away = inside.map((one, i) =>
            i < typical.length ? (one - Math.log(typical[i] as number)) / prior : 0,
          );
          return {
            value: dot(away, away) / 2 - value,
            gradient: gradient.map((slope, i) =>
              inside[i] === theta[i] ? (away[i] as number) / prior - slope : 0,
            ),
          };
        },
        start,
        { steps, tolerance: TOLERANCE },
      ),
    );
  const { at } = descents.reduce((best, one) => (one.value < best.value ? one : best));
  const theta = within(at);
  const { value, variance } = profileLikelihood(points, centred, theta, widths);
  return { kernel: kernelOf(theta, widths), variance, logLikelihood: value };
}

/** Length scales of groups of coordinates at which two points are typically one length scale apart. */
function typicalLengthScales(points: Points, groups: readonly number[]): Float64Array {
  const squares = columnsOf(points).map((coordinate) => 2 * standardDeviation(coordinate) ** 2);
  let from = 0;
  return Float64Array.from(groups, (width) => {
    const own = squares.slice(from, from + width);
    from += width;
    const square = own.reduce((total, one) => total + one, 0);
    // A constant coordinate may have any length scale.
    return Math.sqrt(groups.length * square) || 1;
  });
}

/** The length scale of each group. */
function firstOf(lengthScales: Float64Array, groups: readonly number[] = [1]): Float64Array {
  let from = 0;
  return Float64Array.from(groups, (width) => {
    const scale = lengthScales[from] as number;
    from += width;
    return scale;
  });
}

function thetaOf(lengthScales: Float64Array, factor: number, noiseRatio: number): Float64Array {
  return Float64Array.of(
    ...lengthScales.map((scale) => Math.log(factor * scale)),
    Math.log(noiseRatio),
  );
}
