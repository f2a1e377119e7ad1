// Otsu 1979, "A threshold selection method from gray-level histograms", on the values themselves instead of a histogram.

/**
 * The least value of the upper of two classes, cut so that the variance between them is greatest; the least value of all
 * where all are equal. O(N log N); `values` are not empty, and `scratch` is as long.
 */
export function otsuThreshold(values: Float64Array, scratch: Float64Array): number {
  scratch.set(values);
  const ascending = scratch.sort();
  const count = ascending.length;
  let total = 0;
  for (let i = 0; i < count; i += 1) total += ascending[i] as number;
  let threshold = ascending[0] as number;
  let greatest = 0;
  let below = 0;
  for (let cut = 1; cut < count; cut += 1) {
    below += ascending[cut - 1] as number;
    const between = varianceBetween(below, cut, total, count);
    if (between <= greatest || ascending[cut] === ascending[cut - 1]) continue;
    greatest = between;
    threshold = ascending[cut] as number;
  }
  return threshold;
}

/** Times N^2: of a lower class of `cut` values that add to `below`. */
function varianceBetween(below: number, cut: number, total: number, count: number): number {
  const difference = below / cut - (total - below) / (count - cut);
  return cut * (count - cut) * difference * difference;
}
