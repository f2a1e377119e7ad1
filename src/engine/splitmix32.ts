// A 32-bit number for each place in a sequence, without walking there: word i is mix32(key + i STEP32). Integer
// arithmetic alone. Steele et al. 2014, "Fast splittable pseudorandom number generators", with MurmurHash3's mixer.

/** 2^32 over the golden ratio, odd: multiples of it fill the circle of words evenly. */
export const STEP32 = 0x9e3779b9;

/** Each word goes to another one, and each bit of it depends on all bits. */
export function mix32(word: number): number {
  let z = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** Both halves of a seed count, so that seeds above 2^32 (e.g. times) differ too. */
export function wordOf(seed: number): number {
  return (seed | 0) ^ Math.imul(Math.floor(seed / 2 ** 32), STEP32);
}
