// Candidates that lie apart: those drawn at random resemble each other, and what they have in common teaches nothing.
import type { Candidates, Choices } from '../contract.ts';

/**
 * Of `drawn` the one that has least in common with the nearest of `asked`, the first of equals: by the share of its choices
 * that differ, each half of a pair weighing the same. Departs from BOSHNAS, whose first candidates, and whose diversity
 * sampling, are random.
 */
export function leastAlike(
  drawn: readonly number[],
  asked: readonly number[],
  { choices }: Candidates,
  halves: readonly Candidates[],
): number {
  const weights = halves.flatMap(({ choices: { sizes } }) => sizes.map(() => 1 / sizes.length));
  const apart = drawn.map((candidate) =>
    asked.reduce(
      (least, other) => Math.min(least, difference(choices, weights, candidate, other)),
      Number.POSITIVE_INFINITY,
    ),
  );
  return drawn[apart.indexOf(Math.max(...apart))] as number;
}

function difference(
  { values }: Choices,
  weights: readonly number[],
  one: number,
  other: number,
): number {
  const places = weights.length;
  return weights.reduce((sum, weight, place) => {
    const same = values[one * places + place] === values[other * places + place];
    return same ? sum : sum + weight;
  }, 0);
}
