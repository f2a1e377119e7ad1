// How likely a candidate is, judged by a sample: place by place, as if places did not depend on each other.
import type { Choices } from '../../contract.ts';

/**
 * Natural logarithm of the density, but for a constant. Each option counts among the candidates of the sample that have its
 * place; `prior` is added to each count, so that no option is impossible.
 */
export function logDensity(
  { sizes, values }: Choices,
  sample: readonly number[],
  prior: number,
): (candidate: number) => number {
  const places = sizes.length;
  const counts = sizes.map((size) => new Float64Array(size).fill(prior));
  for (const candidate of sample) {
    for (const [place, count] of counts.entries()) {
      const option = values[candidate * places + place] as number;
      if (option >= 0) count[option] = (count[option] as number) + 1;
    }
  }
  const logs = counts.map((count) => {
    const total = count.reduce((sum, one) => sum + one, 0);
    return count.map((one) => Math.log(one / total));
  });
  return (candidate) =>
    logs.reduce((sum, log, place) => {
      const option = values[candidate * places + place] as number;
      return option >= 0 ? sum + (log[option] as number) : sum;
    }, 0);
}

/**
 * The choices with one more: which places are there at all. Without it nothing would tell how many layers are good, and
 * were absence an option of every place, a layer would count as often as it has places.
 */
export function withPresence({ sizes, values }: Choices): Choices {
  const places = sizes.length;
  const kinds = new Map<string, number>();
  const count = values.length / places;
  const more = new Int32Array(count * (places + 1));
  for (let candidate = 0; candidate < count; candidate++) {
    const options = values.subarray(candidate * places, (candidate + 1) * places);
    const presence = options.map((option) => (option < 0 ? 0 : 1)).join('');
    if (!kinds.has(presence)) kinds.set(presence, kinds.size);
    more.set(options, candidate * (places + 1));
    more[candidate * (places + 1) + places] = kinds.get(presence) as number;
  }
  return { sizes: [...sizes, kinds.size], values: more };
}
