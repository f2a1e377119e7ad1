// The nearest of many stretches of the same cells, plain loops; the twin of assembly/stretches.ts.
import type { StretchKernels, StretchPlaces, StretchSearch } from '../../discriminator-kernels.ts';

export function plainStretches(
  given: Float32Array,
  places: readonly StretchPlaces[],
): StretchKernels {
  const cells = given.slice();
  return { cells, searches: places.map((each) => searchAmong(cells, each)) };
}

function searchAmong(
  cells: Float32Array,
  { inputs, starts, levels = new Float32Array(starts.length) }: StretchPlaces,
): StretchSearch {
  const x = new Float32Array(inputs);
  const width = levels.length / starts.length;

  /** Squared; some number above `bound` if it is above. */
  function distance(stretch: number, bound: number): number {
    const start = starts[stretch] as number;
    let sum = 0;
    let c = stretch * width;
    const end = c + width;
    for (let i = 0; i < inputs && sum <= bound; i++) {
      const level = levels[c] as number;
      sum += ((cells[start + i] as number) - level - (x[i] as number)) ** 2;
      c = c + 1 < end ? c + 1 : end - width;
    }
    return sum;
  }

  return {
    x,
    nearest() {
      let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
      for (let stretch = 0; stretch < starts.length; stretch++) {
        const found = distance(stretch, least);
        if (found < least) [nearest, least] = [stretch, found];
      }
      return nearest;
    },
  };
}
