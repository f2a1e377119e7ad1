// Candidates that lie apart: those drawn at random resemble each other, and what they have in common teaches nothing.
import { dot } from '../../../engine/linear-algebra/dense.ts';
import { total } from '../../../engine/regression/heteroscedastic/acquisition.ts';
import { rowOf } from '../../../engine/regression/regressor.ts';
import type { SurrogateInputs } from './inputs.ts';

/**
 * Of `drawn` the one that has least in common with the nearest of `asked`, the first of equals: by the angles between what
 * was chosen, as the surrogate sees it, each half of a pair weighing the same. Departs from BOSHNAS, whose first
 * candidates, and whose diversity sampling, are random.
 */
export function leastAlike(
  drawn: readonly number[],
  asked: readonly number[],
  inputs: SurrogateInputs,
): number {
  const inCommon = drawn.map((candidate) =>
    asked.reduce(
      (most, other) => Math.max(most, likeness(inputs, candidate, other)),
      Number.NEGATIVE_INFINITY,
    ),
  );
  return drawn[inCommon.indexOf(Math.min(...inCommon))] as number;
}

/** Cosine of each half's choices, added up. */
function likeness({ points, parts, effects }: SurrogateInputs, one: number, other: number): number {
  const [a, b] = [rowOf(points, one), rowOf(points, other)];
  let from = total(parts);
  let sum = 0;
  for (const width of effects) {
    sum += cosine(a.subarray(from, from + width), b.subarray(from, from + width));
    from += width;
  }
  return sum;
}

/** 0 where one of them is. */
function cosine(a: Float64Array, b: Float64Array): number {
  const product = dot(a, b);
  return product === 0 ? 0 : product / Math.sqrt(dot(a, a) * dot(b, b));
}
