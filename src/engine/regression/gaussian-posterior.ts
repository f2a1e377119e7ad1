// Predictions of a Gaussian process at fixed points, while observations are added and removed one by one.
//
// Notation   N points observed, M points asked for, E coordinates of each
//            R   (N, N) correlations of the observed points with the noise ratio on the diagonal, R = L L'
//            V   (N, M) = L^-1 k(observed, predicted)
import { inLengthScales, matern52, squaredDistances } from './matern.ts';
import { countOf, type Points } from './regressor.ts';

/** Parameters from the fit. */
export interface Kernel {
  /** One for all coordinates, or (E,), in their units. */
  readonly lengthScales: Float64Array;
  /** Variance of the noise over that of the function; above 0. */
  readonly noiseRatio: number;
}

/** (M,), in the unit of y. */
export interface Posterior {
  readonly mean: Float64Array;
  /** Standard deviation of the function, without noise. */
  readonly deviation: Float64Array;
  /** Standard deviation of the noise, the same everywhere. */
  readonly noise: number;
}

/**
 * Conditions a process on observations, whatever its kernel: it is told correlations. Rasmussen and Williams 2006, "Gaussian
 * processes for machine learning", Alg. 2.1, with rows of L and V appended for each observation, O(N M). The mean of the
 * process is that of the observed values, its variance the most likely one.
 */
export class ConditionedProcess {
  readonly #noiseRatio: number;
  /** M */
  readonly #asked: number;
  /** Rows of L, each up to its diagonal. */
  readonly #lower: Float64Array[] = [];
  readonly #v: Float64Array[] = [];

  constructor(noiseRatio: number, asked: number) {
    this.#noiseRatio = noiseRatio;
    this.#asked = asked;
  }

  get size(): number {
    return this.#lower.length;
  }

  /** Correlations of one more point with those observed, (N,), and with those asked for, (M,), which is overwritten. */
  observe(withObserved: Float64Array, withAsked: Float64Array): void {
    const row = this.#forwards(withObserved);
    const squares = row.reduce((sum, value) => sum + value ** 2, 0);
    // In exact arithmetic this is never below the noise ratio.
    const pivot = Math.sqrt(Math.max(1 + this.#noiseRatio - squares, this.#noiseRatio));
    const v = withAsked;
    for (const [i, factor] of row.entries()) subtract(v, factor, this.#v[i] as Float64Array);
    for (let i = 0; i < v.length; i++) v[i] = (v[i] as number) / pivot;
    this.#lower.push(Float64Array.of(...row, pivot));
    this.#v.push(v);
  }

  /** Removes all but the first `size` observations. */
  rewind(size: number): void {
    this.#lower.length = size;
    this.#v.length = size;
  }

  /** `y` are the values of the observed points, in their order. O(N M). */
  predict(y: Float64Array): Posterior {
    const { centre, beta, variance } = this.#whitened(y);
    const mean = new Float64Array(this.#asked).fill(centre);
    const left = new Float64Array(mean.length).fill(1);
    for (const [i, v] of this.#v.entries()) {
      const factor = -(beta[i] as number);
      subtract(mean, factor, v);
      for (let j = 0; j < v.length; j++) left[j] = (left[j] as number) - (v[j] as number) ** 2;
    }
    return {
      mean,
      deviation: left.map((share) => Math.sqrt(variance * Math.max(share, 0))),
      noise: Math.sqrt(variance * this.#noiseRatio),
    };
  }

  /** Natural logarithm of the marginal likelihood of the observed values; infinite where they are all equal. Eq. 2.30. */
  logLikelihood(y: Float64Array): number {
    const { variance } = this.#whitened(y);
    const logRoot = this.#lower.reduce((sum, row) => sum + Math.log(row.at(-1) as number), 0);
    return -0.5 * y.length * (Math.log(2 * Math.PI * variance) + 1) - logRoot;
  }

  #whitened(y: Float64Array) {
    const centre = y.reduce((sum, value) => sum + value, 0) / y.length;
    const beta = this.#forwards(y.map((value) => value - centre));
    const variance = beta.reduce((sum, value) => sum + value ** 2, 0) / y.length;
    return { centre, beta, variance };
  }

  /** L^-1 b */
  #forwards(b: Float64Array): Float64Array {
    if (b.length !== this.size)
      throw new RangeError(`${b.length} values for ${this.size} observed points`);
    const x = b.slice();
    for (const [i, row] of this.#lower.entries()) {
      let sum = x[i] as number;
      for (let j = 0; j < i; j++) sum -= (row[j] as number) * (x[j] as number);
      x[i] = sum / (row[i] as number);
    }
    return x;
  }
}

/** With Matern correlations of points. */
export class GaussianPosterior {
  readonly #kernel: Kernel;
  readonly #asked: Points;
  /** Observed points in units of length scales, one after the other. */
  readonly #observed: number[] = [];
  readonly #process: ConditionedProcess;

  constructor(kernel: Kernel, asked: Points) {
    this.#kernel = kernel;
    this.#asked = inLengthScales(asked, kernel.lengthScales);
    this.#process = new ConditionedProcess(kernel.noiseRatio, countOf(asked));
  }

  get size(): number {
    return this.#process.size;
  }

  /** `point` is (E,). */
  observe(point: Float64Array): void {
    const { width } = this.#asked;
    const here = inLengthScales({ values: point, width }, this.#kernel.lengthScales);
    const before = squaredDistances(here, { values: Float64Array.from(this.#observed), width });
    const ahead = squaredDistances(here, this.#asked);
    this.#process.observe(before.map(matern52), ahead.map(matern52));
    this.#observed.push(...here.values);
  }

  /** Removes all but the first `size` observations. */
  rewind(size: number): void {
    this.#observed.length = size * this.#asked.width;
    this.#process.rewind(size);
  }

  /** `y` are the values of the observed points, in their order. O(N M). */
  predict(y: Float64Array): Posterior {
    return this.#process.predict(y);
  }
}

function subtract(from: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < from.length; i++)
    from[i] = (from[i] as number) - factor * (values[i] as number);
}
