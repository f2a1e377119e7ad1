// Numbers in 16 bits, IEEE 754 binary16: eleven significant bits, up to 65,504. For storage; nothing computes in them.

/** Rounds to the nearest, ties to even; beyond the range to infinity. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOf);
}

export function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, numberOf);
}

/** Each value as half precision has it. */
export function roundedToHalf(values: Float32Array): Float32Array {
  return fromHalf(toHalf(values));
}

/** `bits` of a number in single precision: sign, 8 bits of exponent, 23 of fraction; a half has 5 and 10. */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const halfExponent = exponent - 127 + 15;
  if (halfExponent >= 31) return sign | 0x7c00;
  if (halfExponent >= 1) {
    // A carry out of the fraction raises the exponent, up to infinity: that is the right rounding.
    return sign + (halfExponent << 10) + shiftedToEven(fraction, 13);
  }
  // Below the least normal half; its leading one is written out. A shift of 25 leaves nothing.
  const shift = 14 - halfExponent;
  return shift > 24 ? sign : sign + shiftedToEven(fraction | 0x800000, shift);
}

/** value / 2^shift, rounded to the nearest, ties to even. */
function shiftedToEven(value: number, shift: number): number {
  const whole = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && whole & 1) ? whole + 1 : whole;
}

function numberOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
