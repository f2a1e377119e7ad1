// A small space for tests of search methods: a grid, of which some corners are missing.
import type { Candidates, Outcome } from '../../../src/lab/search/contract.ts';

/**
 * All points of the grid that `legal` allows; coordinates lie in [0, 1], neighbours differ by one step in one place. Where
 * the first choice is below `short`, the last place is not there.
 */
export function gridCandidates(
  sizes: readonly number[],
  {
    legal = () => true,
    short = 0,
  }: { legal?: (choices: readonly number[]) => boolean; short?: number } = {},
): Candidates {
  const cut = (choices: readonly number[]) =>
    (choices[0] as number) < short ? [...choices.slice(0, -1), -1] : choices;
  const numbers = new Map<string, number>();
  const points: (readonly number[])[] = [];
  for (const raw of product(sizes)) {
    const choices = cut(raw);
    if (!legal(choices) || numbers.has(choices.join())) continue;
    numbers.set(choices.join(), points.length);
    points.push(choices);
  }
  const flat = points.flat();
  return {
    count: points.length,
    coordinates: {
      values: Float64Array.from(
        flat,
        (choice, i) => choice / Math.max(1, (sizes[i % sizes.length] as number) - 1),
      ),
      width: sizes.length,
    },
    choices: { sizes, values: Int32Array.from(flat) },
    neighbours(candidate) {
      const choices = points[candidate] as readonly number[];
      const steps = choices.flatMap((choice, place) =>
        [choice - 1, choice + 1].map((other) => cut(choices.with(place, other))),
      );
      const found = steps.map((step) => numbers.get(step.join()));
      return [...new Set(found.filter((one) => one !== undefined))]
        .filter((one) => one !== candidate)
        .sort((a, b) => a - b);
    },
    find: (choices) => numbers.get(Array.from(choices).join()),
  };
}

/** Highest in one point, lower with the distance from it; two of the coordinates depend on each other. */
export function smoothValue({ coordinates }: Candidates, candidate: number): number {
  const { values, width } = coordinates;
  const [a = 0, b = 0, ...rest] = values.subarray(candidate * width, (candidate + 1) * width);
  const bowl = rest.reduce((sum, x) => sum + (x - 0.4) ** 2, 0);
  return 1 / (1 + (a - 0.7) ** 2 + 2 * (a - b + 0.1) ** 2 + bowl);
}

export function smoothOutcome(candidates: Candidates, candidate: number): Outcome {
  const value = smoothValue(candidates, candidate);
  const cost = candidates.coordinates.values[candidate * candidates.coordinates.width] as number;
  return { candidate, values: [value], objectives: [1 - value, cost] };
}

function product(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (all, size) => all.flatMap((point) => Array.from({ length: size }, (_, i) => [...point, i])),
    [[]],
  );
}
