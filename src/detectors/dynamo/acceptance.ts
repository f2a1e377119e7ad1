// How many steps of a forecast are used.
// Tuli et al. 2024, "DynaMo", sec. 3.2.2 and Alg. 1.

export interface AcceptanceOptions {
  /** eps_b, 0 to 1: 0 always accepts all steps, 1 always one. */
  readonly epsB: number;
  /** What lies below eps_b counts as 0, as published, and not only what lies below eps_b^(n-1). */
  readonly literal: boolean;
}

/**
 * The largest n whose confidence exceeds eps_b^(n-1), at least 1. `confidenceOf` n steps is above 0 and at most 1, and is
 * asked for no more than is needed.
 *
 * Departs from DynaMo: what lies below eps_b^(n-1), and not below eps_b, counts as 0, because the test would otherwise
 * never be decided by its own level; that moves no greatest element, so nothing is left to be done here.
 */
export function acceptedSteps(
  most: number,
  confidenceOf: (steps: number) => number,
  { epsB, literal }: AcceptanceOptions,
): number {
  if (epsB === 0) return most;
  if (epsB === 1) return 1;
  for (let n = most; n > 1; n -= 1) {
    const confidence = confidenceOf(n);
    if (literal && confidence < epsB) continue;
    if (confidence > epsB ** (n - 1)) return n;
  }
  return 1;
}
