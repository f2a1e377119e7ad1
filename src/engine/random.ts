// Seeded random numbers. Only + - * / and sqrt are used, so a seed gives the same bits on every platform.

/** A stream of random numbers; the same seed gives the same stream. */
export interface Random {
  /** In [0, 1), 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** In 0, 1, ... below - 1, without bias; `below` is at most 2^53. */
  integer(below: number): number;
  /** In place (Fisher-Yates). */
  shuffle<T>(items: { readonly length: number; [index: number]: T }): void;
  /** The current state, for `resumeRandom`. */
  state(): RandomState;
}

/** State of a random stream, as plain data. */
export interface RandomState {
  /** Four integers of 32 bits, not all 0. */
  readonly words: readonly number[];
  /** A normal number that was generated with the last one and not returned yet. */
  readonly spare?: number;
}

/**
 * xoshiro128** seeded through splitmix32, so neighbouring seeds give unrelated streams.
 * Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators". Not for secrets.
 */
export function createRandom(seed: number): Random {
  const seeds = splitmix32(seed);
  return resumeRandom({ words: [seeds(), seeds(), seeds(), seeds()] });
}

/** Continues the stream of the state. */
export function resumeRandom(state: RandomState): Random {
  const { next, words } = xoshiro128(state.words);
  let spare = state.spare;

  function uniform(): number {
    return ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
  }

  // Marsaglia's polar method: two normals per round; the second is stored for the next call.
  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const factor = Math.sqrt((-2 * logarithm(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  }

  function integer(below: number): number {
    if (!(Number.isInteger(below) && below > 0 && below <= 2 ** 53)) {
      throw new RangeError(`below is ${below}, must be an integer from 1 to 2^53`);
    }
    if (below > 2 ** 32) return longInteger(below);
    const limit = 2 ** 32 - (2 ** 32 % below);
    let draw = next();
    while (draw >= limit) draw = next();
    return draw % below;
  }

  /** From the 53 bits of `uniform`. */
  function longInteger(below: number): number {
    const limit = 2 ** 53 - (2 ** 53 % below);
    let draw = uniform() * 2 ** 53;
    while (draw >= limit) draw = uniform() * 2 ** 53;
    return draw % below;
  }

  function shuffle<T>(items: { readonly length: number; [index: number]: T }): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const kept = items[i] as T;
      items[i] = items[j] as T;
      items[j] = kept;
    }
  }

  return {
    uniform,
    normal,
    integer,
    shuffle,
    state: () => ({ words: words(), ...(spare !== undefined && { spare }) }),
  };
}

function xoshiro128(begin: readonly number[]): { next: () => number; words: () => number[] } {
  if (begin.length !== 4 || begin.every((word) => word === 0)) {
    throw new RangeError(
      `the state of a random stream is [${begin}], must be four words, not all 0`,
    );
  }
  let [a, b, c, d] = begin as [number, number, number, number];
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  return { next, words: () => [a, b, c, d] };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function splitmix32(seed: number): () => number {
  let state = wordOf(seed);
  return () => {
    state = (state + STEP32) | 0;
    return mix32(state);
  };
}

/**
 * Natural logarithm of x in (0, 1). Math.log is compiled code whose last bit may differ between platforms.
 * x = m * 2^e with m in [sqrt(1/2), sqrt(2)), ln m = 2 atanh((m - 1) / (m + 1)).
 */
function logarithm(x: number): number {
  let m = x;
  let e = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    e--;
  }
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let series = 0;
  // |s| < 0.172, so that the term after 23 is below 2^-63.
  for (let k = 23; k >= 1; k -= 2) series = series * s2 + 1 / k;
  return 2 * s * series + e * Math.LN2;
}

// Random access to a sequence of 32-bit words: word i is mix32(key + i STEP32). Integer arithmetic only. Steele et al.
// 2014, "Fast splittable pseudorandom number generators", with MurmurHash3's mixer.

/** 2^32 over the golden ratio, odd: its multiples are evenly spread over all words. */
export const STEP32 = 0x9e3779b9;

/** A bijection of words; each output bit depends on all input bits. */
export function mix32(word: number): number {
  let z = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** Uses both halves of a seed, so that seeds above 2^32 (e.g. times) differ too. */
export function wordOf(seed: number): number {
  return (seed | 0) ^ Math.imul(Math.floor(seed / 2 ** 32), STEP32);
}
