// e^x and what is made of it, four floats at a time, to some 1e-7 of the result. By + - * / alone, so that every
// machine gives the same bits. scripts/polynomials.py fits the polynomials.
import { multiplyAdd } from './lanes';

/** Beyond this e^x would leave the floats of full precision; it stays at e^87 or e^-87, 1.6e-38. */
const MOST: f32 = 87.0;
const LOG2_E: f32 = 1.44269504;
/** ln 2 in two parts (Cody and Waite), the first so short that its products with integers below 2^15 are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** 1.5 2^23: a float of this size has no room for a fraction, so that adding it rounds, into the lowest bits. */
const ROUNDER: f32 = 12582912.0;

/** NaN stays NaN. */
@inline
export function exponential(v: v128): v128 {
  const x = within(v);
  const n = multiplyAdd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUNDER));
  const r = remainder(x, n);
  const series = f32x4.add(smallExponential(r), f32x4.splat(1.0));
  return i32x4.add(series, i32x4.shl(n, 23));
}

/** e^x - 1, exact to the last digits near 0 too. */
@inline
export function exponentialLessOne(v: v128): v128 {
  const x = within(v);
  const n = multiplyAdd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUNDER));
  const r = remainder(x, n);
  const power = i32x4.add(f32x4.splat(1.0), i32x4.shl(n, 23));
  return multiplyAdd(power, smallExponential(r), f32x4.sub(power, f32x4.splat(1.0)));
}

/** The operand in front is what stays of a NaN. */
@inline
function within(v: v128): v128 {
  return f32x4.pmax(f32x4.pmin(v, f32x4.splat(MOST)), f32x4.splat(-MOST));
}

/** x - n ln 2, at most half of ln 2. */
@inline
function remainder(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  const r = multiplyAdd(n, f32x4.splat(-LN2_HIGH), x);
  return multiplyAdd(n, f32x4.splat(-LN2_LOW), r);
}

/** e^r - 1 = r + r^2 p(r); p leaves 3e-9. */
@inline
function smallExponential(r: v128): v128 {
  let p = f32x4.splat(0.0013814611);
  p = multiplyAdd(p, r, f32x4.splat(0.00836871004));
  p = multiplyAdd(p, r, f32x4.splat(0.0416683874));
  p = multiplyAdd(p, r, f32x4.splat(0.166665207));
  p = multiplyAdd(p, r, f32x4.splat(0.499999935));
  return multiplyAdd(f32x4.mul(r, r), p, r);
}

/** ln(1 + u) of u in [0, 1]: 2 artanh(s) with s = u / (2 + u), and artanh(s) = s + s^3 p(s^2); p leaves 5e-9. */
@inline
export function logOnePlus(u: v128): v128 {
  const s = f32x4.div(u, f32x4.add(u, f32x4.splat(2.0)));
  const square = f32x4.mul(s, s);
  let p = f32x4.splat(0.140122328);
  p = multiplyAdd(p, square, f32x4.splat(0.139995697));
  p = multiplyAdd(p, square, f32x4.splat(0.200108496));
  p = multiplyAdd(p, square, f32x4.splat(0.333332066));
  const half = multiplyAdd(f32x4.mul(s, square), p, s);
  return f32x4.add(half, half);
}

@inline
export function logistic(v: v128): v128 {
  const one = f32x4.splat(1.0);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(v))));
}

@inline
export function hyperbolicTangent(v: v128): v128 {
  const twice = f32x4.abs(v);
  const e = exponentialLessOne(f32x4.neg(f32x4.add(twice, twice)));
  return withSignOf(v, f32x4.div(e, f32x4.add(e, f32x4.splat(2.0))));
}

/** |magnitude| with the sign of v. */
@inline
function withSignOf(v: v128, magnitude: v128): v128 {
  return v128.bitselect(v, magnitude, i32x4.splat(0x80000000));
}

/**
 * The normal distribution Phi(x), given e = e^(-x^2 / 2). Mills' ratio Phi(-a) / e of a = |x| is a polynomial in
 * t = 1 / (1 + 0.23 a), which leaves 4e-8 of it to a = 6 and 4e-6 to a = 13.
 */
@inline
export function normalDistribution(x: v128, e: v128): v128 {
  const one = f32x4.splat(1.0);
  const t = f32x4.div(one, multiplyAdd(f32x4.abs(x), f32x4.splat(0.23), one));
  let p = f32x4.splat(-0.0764973872);
  p = multiplyAdd(p, t, f32x4.splat(0.280296215));
  p = multiplyAdd(p, t, f32x4.splat(-0.255889076));
  p = multiplyAdd(p, t, f32x4.splat(0.274198501));
  p = multiplyAdd(p, t, f32x4.splat(-0.0125389555));
  p = multiplyAdd(p, t, f32x4.splat(0.110029171));
  p = multiplyAdd(p, t, f32x4.splat(0.0884423024));
  p = multiplyAdd(p, t, f32x4.splat(0.0919592111));
  const tail = f32x4.mul(f32x4.mul(p, t), e);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0.0)));
}
