// A cosine that gives the same bits on every platform: Math.cos is compiled code whose last bit may differ.

/** cos(pi x), to about an ulp of 1. Exact at multiples of 1/2. */
export function cosineOfPi(x: number): number {
  // The period is 2, and the function even: x in [0, 1], then mirrored at 1/2.
  const folded = Math.abs(x) % 2;
  const turn = folded > 1 ? 2 - folded : folded;
  return turn > 0.5 ? -quarter(1 - turn) : quarter(turn);
}

/** For x in [0, 1/2]. Beyond 1/4 it is the sine of the complement, so that both series stay short. */
function quarter(x: number): number {
  return x > 0.25 ? sine(Math.PI * (0.5 - x)) : cosine(Math.PI * x);
}

// Taylor's series for |y| <= pi/4, where the next term is below 2^-58.

function cosine(y: number): number {
  let series = 1;
  for (let k = 16; k >= 2; k -= 2) series = 1 - ((y * y) / (k * (k - 1))) * series;
  return series;
}

function sine(y: number): number {
  let series = 1;
  for (let k = 17; k >= 3; k -= 2) series = 1 - ((y * y) / (k * (k - 1))) * series;
  return y * series;
}
