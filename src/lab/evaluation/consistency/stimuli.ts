// Cue conflict for time series: the slow part of one stretch with the fast part of another, after the pictures with the
// shape of one object and the texture of another. Slow = moving mean, fast = what it leaves, with its phases drawn anew
// so that it keeps the spectrum and no event.
//
// Notation   N rows, C channels, row-major; f frequency, phase (f,) uniform in [0, 2 pi)
import type { Random } from '../../../engine/random.ts';

/** Rows of the moving mean. */
export const SLOW_ROWS = 7;

/** (N, C) slow part of `shape` plus the fast part of `texture`; both (N, C). */
export function conflict(
  shape: Float64Array,
  texture: Float64Array,
  width: number,
  random: Random,
): Float64Array {
  const mixed = slowPart(shape, width);
  const slow = slowPart(texture, width);
  const fast = texture.map((value, i) => value - (slow[i] as number));
  const scrambled = phaseRandomised(fast, width, random);
  return mixed.map((value, i) => value + (scrambled[i] as number));
}

/** (N, C) centred moving mean, over fewer rows at the ends. */
export function slowPart(values: Float64Array, width: number): Float64Array {
  const rows = values.length / width;
  const half = SLOW_ROWS >> 1;
  return values.map((_, i) => {
    const row = Math.floor(i / width);
    const from = Math.max(0, row - half);
    const to = Math.min(rows - 1, row + half);
    let sum = 0;
    for (let r = from; r <= to; r++) sum += values[r * width + (i % width)] as number;
    return sum / (to - from + 1);
  });
}

/**
 * (N, C) the same amplitude at each frequency, other phases; the same turn in all channels, so that what moves
 * together still does. Theiler et al. 1992, "Testing for nonlinearity in time series: the method of surrogate data".
 */
export function phaseRandomised(values: Float64Array, width: number, random: Random): Float64Array {
  const rows = values.length / width;
  const turns = Float64Array.from(
    { length: Math.floor((rows - 1) / 2) },
    () => 2 * Math.PI * random.uniform(),
  );
  const result = new Float64Array(values.length);
  for (let c = 0; c < width; c++) {
    const channel = Float64Array.from(
      { length: rows },
      (_, row) => values[row * width + c] as number,
    );
    turned(channel, turns).forEach((value, row) => {
      result[row * width + c] = value;
    });
  }
  return result;
}

/** Adds a turn to the phase of each frequency; the mean and, for even N, the highest frequency stay. O(N^2). */
function turned(x: Float64Array, turns: Float64Array): Float64Array {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const result = new Float64Array(n).fill(mean);
  const add = (f: number, turn: number, factor: number): void => {
    let real = 0;
    let imaginary = 0;
    x.forEach((value, t) => {
      real += value * Math.cos((2 * Math.PI * f * t) / n);
      imaginary -= value * Math.sin((2 * Math.PI * f * t) / n);
    });
    const amplitude = (factor * Math.hypot(real, imaginary)) / n;
    const phase = Math.atan2(imaginary, real) + turn;
    for (let t = 0; t < n; t++) {
      result[t] = (result[t] as number) + amplitude * Math.cos((2 * Math.PI * f * t) / n + phase);
    }
  };
  turns.forEach((turn, i) => {
    add(i + 1, turn, 2);
  });
  if (n % 2 === 0 && n > 0) add(n / 2, 0, 1);
  return result;
}
