// The generalised Pareto distribution of excesses over a high level, fitted by maximum likelihood. Hot: index loops.
//
// Notation   Y (N,) excesses > 0, here divided by their mean; gamma shape, sigma scale, x = gamma / sigma
//            a(x) = mean ln(1 + xY)   b(x) = mean xY / (1 + xY)   w(x) = (1 + a)(1 - b) - 1 = a - b - ab

/** log density = -ln sigma - (1 + 1/gamma) ln(1 + gamma y / sigma); gamma = 0 is the exponential. */
export interface ParetoFit {
  /** gamma: 0 = exponential tail, negative = the tail ends, positive = heavy. */
  readonly shape: number;
  /** sigma, in the unit of the excesses. */
  readonly scale: number;
  /** Of the N excesses together. */
  readonly logLikelihood: number;
}

/** Below this shape the density rises towards its end and the likelihood has no maximum. */
const MIN_SHAPE = -1;

/** Closer to 0, a fit differs from the exponential by less than 1e-6 of log likelihood, for N up to 10^4. */
const NEARLY_ZERO = 1e-5;

/** Greatest x; a greater one means a shape above 10. */
const FARTHEST = 1e6;

/** Grid steps per decade for the sign of w, which changes once on each side of 0 except in contrived samples. */
const PER_DECADE = 2;

/**
 * Best likelihood over all shapes from -1 on. O(N), about 70 passes over the excesses. `RangeError` unless all excesses
 * are positive.
 *
 * Grimshaw 1993, "Computing maximum likelihood estimates for the generalized Pareto distribution": given x, the best
 * gamma is a(x) and sigma = gamma / x, which leaves one unknown. Its likelihood has slope N w / (x gamma), and x gamma
 * is positive, so there is a maximum where w changes from positive to negative.
 * Departs from Siffer et al. 2017, who minimise w^2 from ten starting points a side: the sign changes are
 * bracketed on a geometric grid and then refined, so the search cannot end beside a root or at a minimum.
 */
export function fitPareto(excesses: Float64Array): ParetoFit {
  const { mean, y, greatest } = normalised(excesses);
  const maxima = [...maximaOn(y, belowZero(greatest)), ...maximaOn(y, aboveZero())].filter(
    ({ shape }) => shape >= MIN_SHAPE,
  );
  // Without any maximum the likelihood grows up to the smallest shape allowed, the uniform distribution.
  const candidates = maxima.length > 0 ? maxima : [uniform(y.length, greatest)];
  const best = candidates.reduce(greater, exponential(y.length));
  return {
    shape: best.shape,
    scale: best.scale * mean,
    logLikelihood: best.logLikelihood - y.length * Math.log(mean),
  };
}

/** Best fit among those with shapes from `least` to `most`: if the free fit is outside, the nearer bound. */
export function fitParetoWithin(excesses: Float64Array, least: number, most: number): ParetoFit {
  const free = fitPareto(excesses);
  if (free.shape >= least && free.shape <= most) return free;
  return fitScale(excesses, free.shape < least ? least : most);
}

/** Best fit of a given shape, from -1 (exclusive) on: b(x) (1 + gamma) = gamma, whose left side grows with |x|. */
export function fitScale(excesses: Float64Array, shape: number): ParetoFit {
  const { mean, y, greatest } = normalised(excesses);
  let near = 0;
  let far = shape > 0 ? FARTHEST : -1 / greatest;
  for (let i = 0; shape !== 0 && i < 100; i++) {
    const middle = (near + far) / 2;
    if (Math.abs(sums(y, middle).b * (1 + shape)) < Math.abs(shape)) near = middle;
    else far = middle;
  }
  const scale = shape === 0 ? 1 : shape / near;
  const tail = shape === 0 ? 1 : (1 + 1 / shape) * sums(y, near).a;
  const logLikelihood = -y.length * (Math.log(scale * mean) + tail);
  return { shape, scale: scale * mean, logLikelihood };
}

function normalised(excesses: Float64Array) {
  let sum = 0;
  let greatest = 0;
  for (const excess of excesses) {
    if (!(excess > 0 && excess < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`excess ${excess} is not positive and finite`);
    }
    sum += excess;
    greatest = Math.max(greatest, excess);
  }
  if (excesses.length === 0) throw new RangeError('no excesses');
  const mean = sum / excesses.length;
  return { mean, y: excesses.map((excess) => excess / mean), greatest: greatest / mean };
}

function exponential(count: number): ParetoFit {
  return { shape: 0, scale: 1, logLikelihood: -count };
}

function uniform(count: number, greatest: number): ParetoFit {
  return { shape: MIN_SHAPE, scale: greatest, logLikelihood: -count * Math.log(greatest) };
}

function greater(one: ParetoFit, other: ParetoFit): ParetoFit {
  return other.logLikelihood > one.logLikelihood ? other : one;
}

/** From just above -1 / greatest, where the density would end at the greatest excess, to nearly 0. */
function belowZero(greatest: number): number[] {
  const half = 0.5 / greatest;
  return [
    ...geometric(1e-10, 0.5).map((distance) => -(1 - distance) / greatest),
    ...geometric(Math.min(NEARLY_ZERO, half / 2), half)
      .reverse()
      .slice(1)
      .map((x) => -x),
  ];
}

function aboveZero(): number[] {
  return geometric(NEARLY_ZERO, FARTHEST);
}

/** Ascending, both ends included. */
function geometric(from: number, to: number): number[] {
  const steps = Math.ceil(Math.log10(to / from) * PER_DECADE);
  return Array.from({ length: steps + 1 }, (_, i) => from * (to / from) ** (i / steps));
}

type Point = readonly [x: number, w: number];

function maximaOn(y: Float64Array, xs: readonly number[]): ParetoFit[] {
  const points = xs.map((x): Point => [x, wAt(y, x)]);
  return points.flatMap((right, i) => {
    const left = points[i - 1];
    return left && left[1] > 0 && right[1] <= 0 ? [fitAt(y, fallOf(y, left, right))] : [];
  });
}

function fitAt(y: Float64Array, x: number): ParetoFit {
  const { a } = sums(y, x);
  return { shape: a, scale: a / x, logLikelihood: -y.length * (Math.log(a / x) + a + 1) };
}

/**
 * The sign change of w, from brackets [x, w] with w > 0 and w <= 0. Illinois rule: halves the value at an end that does not
 * move, so that both ends converge.
 */
function fallOf(y: Float64Array, from: Point, to: Point): number {
  let [left, wLeft] = from;
  let [right, wRight] = to;
  let side = 0;
  for (let i = 0; i < 60 && right - left > 1e-12 * Math.abs(left); i++) {
    const x = (left * wRight - right * wLeft) / (wRight - wLeft);
    const w = wAt(y, x);
    if (w > 0) {
      [left, wLeft] = [x, w];
      if (side > 0) wRight /= 2;
      side = 1;
    } else {
      [right, wRight] = [x, w];
      if (side < 0) wLeft /= 2;
      side = -1;
    }
  }
  return right;
}

/** Computed as a - b - ab: near 0, w is of the order x^2, and a product minus 1 would lose it to rounding. */
function wAt(y: Float64Array, x: number): number {
  const { a, b } = sums(y, x);
  return a - b - a * b;
}

function sums(y: Float64Array, x: number): { readonly a: number; readonly b: number } {
  let a = 0;
  let b = 0;
  for (let i = 0; i < y.length; i++) {
    const r = x * (y[i] as number);
    a += Math.log1p(r);
    b += r / (1 + r);
  }
  return { a: a / y.length, b: b / y.length };
}
