// Summaries of one list of numbers. NaN must be filtered out before; an empty list is a RangeError.

export type Numbers = Float64Array | Float32Array | readonly number[];

/** Ascending copy. */
export function sorted(values: Numbers): Float64Array {
  return new Float64Array(values).sort();
}

/** `q` in [0, 1]; linear between neighbours, as NumPy and R (type 7) do. Sorts a copy. */
export function quantile(values: Numbers, q: number): number {
  return quantileOfSorted(sorted(values), q);
}

/** As `quantile`, for ascending values; O(1). */
export function quantileOfSorted(ascending: Numbers, q: number): number {
  requireSome(ascending);
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile ${q} is not in [0, 1]`);
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  return low + (high - low) * (position - below);
}

export function median(values: Numbers): number {
  return quantile(values, 0.5);
}

/** Places of the `count` least values, least first and the lower place first of equals; O(values) if `count` is small. */
export function leastPlaces(values: Numbers, count: number): readonly number[] {
  const places: number[] = [];
  let most = Number.POSITIVE_INFINITY;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (places.length >= count && !(value < most)) continue;
    let at = places.length;
    while (at > 0 && value < (values[places[at - 1] as number] as number)) at--;
    places.splice(at, 0, place);
    if (places.length > count) places.pop();
    most = values[places.at(-1) as number] as number;
  }
  return places;
}

/** Median difference of neighbours; 0 for a single value or none. */
export function medianStep(values: Float64Array): number {
  const steps = values.subarray(1).map((value, i) => value - (values[i] as number));
  return steps.length === 0 ? 0 : median(steps);
}

export function mean(values: Numbers): number {
  requireSome(values);
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Of the values themselves (divides by N), in two passes. */
export function standardDeviation(values: Numbers): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / values.length);
}

/** Least and greatest value. */
export function extent(values: Numbers): readonly [number, number] {
  requireSome(values);
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

function requireSome(values: Numbers): void {
  if (values.length === 0) throw new RangeError('no values');
}

/** Spearman's rank correlation; equal values share the mean of their ranks. 0 if one list is constant. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [i, rank] of x.entries()) {
    const [dx, dy] = [rank - mx, (y[i] as number) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** From 0; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}
