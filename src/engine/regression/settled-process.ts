// Predictions of a Gaussian process on observations that stay, at any points, with gradients.
//
// Notation   N points observed, M points asked for, E coordinates; R (N, N) correlations with the noise ratio on the diagonal
//            R = L L', W = L^-1, a (N,) = R^-1 (y - mean y), v the variance of the process
//            k (N,) correlations of a place with the points; mean = mean y + k'a, deviation^2 = v (1 - |W k|^2)
import { choleskyWithJitter } from '../linear-algebra/cholesky.ts';
import { type Dense, dense, dot, timesVector, transposed } from '../linear-algebra/dense.ts';
import { inverseOfLower, timesTriangle } from '../linear-algebra/triangular.ts';
import { mean } from '../statistics.ts';
import type { Kernel } from './gaussian-posterior.ts';
import { correlate, correlationsOf, inLengthScales, matern52, squaredDistances } from './matern.ts';
import { countOf, type Points, rowOf } from './regressor.ts';

export interface SettledProcess {
  /** O(N M), and O(N^2 M) once the deviation is asked for. */
  at(asked: Points): PredictionAt;
  /** (M,): the means of `at` alone, O(N M). */
  meanAt(asked: Points): Float64Array;
  /** (N,): each value as it would be predicted from all others. */
  leftOut(): Float64Array;
}

interface PredictionAt {
  /** (M,) in the unit of y. */
  readonly mean: Float64Array;
  /** (M,) standard deviation of the function, without noise; above 0. */
  readonly deviation: Float64Array;
  /** (M, E): gradient by the points of the mean plus the deviation times `byDeviation` (M,); absent = of the mean alone. */
  gradient(byDeviation?: Float64Array): Float64Array;
}

/** Least share of the variance that is left: the gradient of the deviation is infinite at 0. */
const LEAST_LEFT = 1e-8;

/** Equal values leave no variance; gradients are divided by its root. */
const LEAST_VARIANCE = 1e-200;

/**
 * `y` are the values of `points`. The mean of the process is theirs, its variance the most likely one. O(N^3) once. Rasmussen and
 * Williams 2006, "Gaussian processes for machine learning", Alg. 2.1, and eq. 5.12 for `leftOut`.
 */
export function settledProcess(kernel: Kernel, points: Points, y: Float64Array): SettledProcess {
  const solved = solve(kernel, points, y);
  const { known, wBack, a } = solved;
  return {
    at: (asked) => predictAt(solved, inLengthScales(asked, kernel.lengthScales)),
    meanAt(asked) {
      const squares = squaredDistances(inLengthScales(asked, kernel.lengthScales), known);
      return meansOf(solved, squares.map(matern52));
    },
    leftOut: () =>
      // The diagonal of R^-1 = W'W has the squares of the columns of W.
      y.map((value, i) => {
        const column = rowOf({ values: wBack.values, width: y.length }, i);
        return value - (a[i] as number) / dot(column, column);
      }),
  };
}

interface Solved {
  readonly lengthScales: Float64Array;
  /** In units of length scales. */
  readonly known: Points;
  readonly w: Dense;
  /** W' */
  readonly wBack: Dense;
  readonly a: Float64Array;
  readonly middle: number;
  /** v */
  readonly variance: number;
}

function solve({ lengthScales, noiseRatio }: Kernel, points: Points, y: Float64Array): Solved {
  const known = inLengthScales(points, lengthScales);
  const correlations = correlationsOf(known, noiseRatio).values;
  const { lower } = choleskyWithJitter(dense(y.length, y.length, correlations));
  const w = inverseOfLower(lower);
  const wBack = transposed(w);
  const middle = mean(y);
  const centred = y.map((value) => value - middle);
  const b = timesTriangle(w, 'lower', centred);
  const a = timesTriangle(wBack, 'upper', b);
  const variance = Math.max(dot(b, b) / y.length, LEAST_VARIANCE);
  return { lengthScales, known, w, wBack, a, middle, variance };
}

/** `asked` in units of length scales. */
function predictAt(solved: Solved, asked: Points): PredictionAt {
  const { known, variance } = solved;
  const k = squaredDistances(asked, known);
  const slopes = new Float64Array(k.length);
  correlate(k, slopes);
  let found: ReturnType<typeof deviationAt> | undefined;
  const uncertain = () => {
    found ??= deviationAt(solved, k);
    return found;
  };
  return {
    mean: meansOf(solved, k),
    get deviation() {
      return uncertain().deviation;
    },
    gradient(byDeviation) {
      if (!byDeviation) return gradientAt(solved, asked, slopes);
      const { u, deviation } = uncertain();
      // By |W k|^2 / 2, inverted.
      const factors = byDeviation.map((by, row) => (by * variance) / (deviation[row] as number));
      return gradientAt(solved, asked, slopes, pullsOf(solved, u, factors));
    },
  };
}

/** (M,) means for correlations `k` (M, N). */
function meansOf({ a, middle }: Solved, k: Float64Array): Float64Array {
  const above = timesVector(dense(k.length / a.length, a.length, k), a);
  return above.map((one) => middle + one);
}

/** (M,) deviations for correlations `k` (M, N), and u (M, N) = W k. */
function deviationAt({ w, a, variance }: Solved, k: Float64Array) {
  const width = a.length;
  const u = timesTriangle(w, 'lower', k);
  const deviation = Float64Array.from({ length: k.length / width }, (_, row) => {
    const explained = rowOf({ values: u, width }, row);
    return Math.sqrt(variance * Math.max(1 - dot(explained, explained), LEAST_LEFT));
  });
  return { u, deviation };
}

/** (M, N): R^-1 k times the factor of each row. */
function pullsOf({ wBack, a }: Solved, u: Float64Array, factors: Float64Array): Float64Array {
  const pulls = timesTriangle(wBack, 'upper', u);
  for (const [row, factor] of factors.entries()) {
    const own = rowOf({ values: pulls, width: a.length }, row);
    for (let i = 0; i < own.length; i++) own[i] = factor * (own[i] as number);
  }
  return pulls;
}

/** By correlations the mean changes by a, and the rest by minus `less` (M, N). */
function gradientAt(
  { known, a, lengthScales }: Solved,
  asked: Points,
  slopes: Float64Array,
  less?: Float64Array,
): Float64Array {
  const { width } = asked;
  const count = a.length;
  const gradients = new Float64Array(asked.values.length);
  const pulls = new Float64Array(count);
  for (let row = 0; row < countOf(asked); row++) {
    for (let i = 0; i < count; i++) {
      const byCorrelation = (a[i] as number) - (less?.[row * count + i] ?? 0);
      pulls[i] = -2 * byCorrelation * (slopes[row * count + i] as number);
    }
    const into = rowOf({ values: gradients, width }, row);
    sumPulls(into, rowOf(asked, row), known, pulls);
    for (let e = 0; e < width; e++) {
      into[e] = (into[e] as number) / (lengthScales[e % lengthScales.length] as number);
    }
  }
  return gradients;
}

/**
 * Writes the sum of the ways from the known points to this place, each times its pull. Four coordinates at a time: their sums do
 * not wait for each other.
 */
function sumPulls(
  into: Float64Array,
  here: Float64Array,
  { values, width }: Points,
  pulls: Float64Array,
): void {
  for (let e = 0; e < width; e += 4) {
    // Beyond the last it is the last one again.
    const e1 = Math.min(e + 1, width - 1);
    const e2 = Math.min(e + 2, width - 1);
    const e3 = Math.min(e + 3, width - 1);
    const x0 = here[e] as number;
    const x1 = here[e1] as number;
    const x2 = here[e2] as number;
    const x3 = here[e3] as number;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let i = 0, at = 0; i < pulls.length; i++, at += width) {
      const pull = pulls[i] as number;
      s0 += pull * (x0 - (values[at + e] as number));
      s1 += pull * (x1 - (values[at + e1] as number));
      s2 += pull * (x2 - (values[at + e2] as number));
      s3 += pull * (x3 - (values[at + e3] as number));
    }
    into[e] = s0;
    into[e1] = s1;
    into[e2] = s2;
    into[e3] = s3;
  }
}
