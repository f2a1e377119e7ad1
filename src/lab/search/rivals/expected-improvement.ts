// Expected improvement of a candidate over the best known one, and the outcomes that a model learns from.
//
// Notation   z   (mean - best) / deviation
//            pdf, cdf   of the standard normal distribution
import type { Ledger } from './one-by-one.ts';

const LOG_ROOT_2_PI = 0.5 * Math.log(2 * Math.PI);
/** Below this z a continued fraction is used, above it a series. */
const FRACTION_BELOW = -2;
/** Above this z, cdf(z) is 1 except for rounding. */
const SERIES_BELOW = 8;
/** Enough for 1e-9 at `FRACTION_BELOW`, where it converges slowest. */
const FRACTION_TERMS = 80;

/**
 * Natural logarithm of the expected improvement, for a normally distributed value; minus infinity if none is expected. The
 * logarithm still ranks candidates whose improvement is too small for a float. Jones, Schonlau and Welch 1998, "Efficient
 * global optimization of expensive black-box functions", eq. 15.
 */
export function logExpectedImprovement(mean: number, deviation: number, best: number): number {
  if (deviation === 0) return Math.log(Math.max(mean - best, 0));
  return Math.log(deviation) + logStandardImprovement((mean - best) / deviation);
}

/** The first candidate of the greatest expected improvement; undefined if none is `fresh`. */
export function mostImproving(
  pool: Uint32Array,
  { mean, deviation }: { readonly mean: Float64Array; readonly deviation: Float64Array },
  best: number,
  fresh: (candidate: number) => boolean = () => true,
): number | undefined {
  let [chosen, most] = [undefined as number | undefined, Number.NEGATIVE_INFINITY];
  for (const [i, candidate] of pool.entries()) {
    if (!fresh(candidate)) continue;
    const expected = logExpectedImprovement(mean[i] as number, deviation[i] as number, best);
    if (chosen === undefined || expected > most) [chosen, most] = [candidate, expected];
  }
  return chosen;
}

/** ln(pdf(z) + z cdf(z)) */
function logStandardImprovement(z: number): number {
  const logPdf = -0.5 * z * z - LOG_ROOT_2_PI;
  // Both terms nearly cancel in the tail: the difference is computed from the fraction itself.
  if (z < FRACTION_BELOW) return logPdf + Math.log(tailRemainder(-z));
  return Math.log(Math.exp(logPdf) + z * cdf(z, Math.exp(logPdf)));
}

/** 1 - x m(x), where m(x) = cdf(-x) / pdf(x) = 1 / (x + 1 / (x + 2 / (x + 3 / ...))); = c / (x + c), c = 1 / (x + 2 / ...). */
function tailRemainder(x: number): number {
  let rest = x;
  for (let term = FRACTION_TERMS; term >= 2; term--) rest = x + term / rest;
  const c = 1 / rest;
  return c / (x + c);
}

/** 1/2 + pdf(z) (z + z^3 / 3 + z^5 / (3 5) + ...) */
function cdf(z: number, pdf: number): number {
  if (z > SERIES_BELOW) return 1;
  let [term, sum] = [z, z];
  for (let k = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + pdf * sum;
}

/** Training data of a model of the values, with substitutes for missing outcomes. */
export interface Learnt {
  readonly candidates: readonly number[];
  /** One for each candidate, higher is better. */
  readonly values: Float64Array;
  /** The highest feasible value. */
  readonly best: number;
}

/** Fewest feasible outcomes for a model. */
const LEAST_FEASIBLE = 2;

/**
 * Outcomes in the order of their arrival, then pending candidates. An infeasible candidate gets the worst known value, a
 * pending one the best ("constant liar", Ginsbourger et al. 2010, "Kriging is well-suited to parallelize optimization").
 * Undefined if there are too few outcomes.
 */
export function learntFrom({ told, pending }: Ledger): Learnt | undefined {
  const feasible = told.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (feasible.length < LEAST_FEASIBLE) return undefined;
  const [worst, best] = [Math.min(...feasible), Math.max(...feasible)];
  return {
    candidates: [...told.map(({ candidate }) => candidate), ...pending],
    values: Float64Array.of(
      ...told.map(({ value }) => value ?? worst),
      ...Array.from(pending, () => best),
    ),
    best,
  };
}
