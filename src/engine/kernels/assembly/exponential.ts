// e^x of four floats at a time, by + and * alone, so that every machine gives the same bits.
import { multiplyAdd } from './lanes';

/** Beyond this e^x would leave the floats of full precision; it stays at e^87 or e^-87, 1.6e-38. */
const MOST: f32 = 87.0;
const LOG2_E: f32 = 1.44269504;
/** ln 2 in two parts (Cody and Waite): any whole number below 2^15 times the first is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/** To about an ulp: e^x = 2^n e^r with |r| <= ln 2 / 2, where Taylor's series to r^7 leaves 5e-9. NaN stays NaN. */
@inline
export function exponential(v: v128): v128 {
  const x = f32x4.max(f32x4.min(v, f32x4.splat(MOST)), f32x4.splat(-MOST));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
  let r = multiplyAdd(n, f32x4.splat(-LN2_HIGH), x);
  r = multiplyAdd(n, f32x4.splat(-LN2_LOW), r);
  let series = f32x4.splat(1.0 / 5040.0);
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 720.0));
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 120.0));
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 24.0));
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 6.0));
  series = multiplyAdd(series, r, f32x4.splat(0.5));
  series = multiplyAdd(series, r, f32x4.splat(1.0));
  series = multiplyAdd(series, r, f32x4.splat(1.0));
  const exponent = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127));
  return f32x4.mul(series, i32x4.shl(exponent, 23));
}
