// How many steps of a forecast are used.
// Tuli et al. 2024, "DynaMo", sec. 3.2.2 and Alg. 1.

export interface AcceptanceOptions {
  /** eps_b, 0 to 1: 0 always accepts all steps, 1 always one. */
  readonly epsB: number;
  /** What lies below eps_b counts as 0, as published, and not only what lies below eps_b^(n-1). */
  readonly literal: boolean;
}

/**
 * The largest n whose confidence exceeds eps_b^(n-1), at least 1. `confidences[n - 1]` is that of n steps, 0 to 1.
 *
 * Departs from DynaMo: what lies below eps_b^(n-1), and not below eps_b, counts as 0, because the test would otherwise
 * never be decided by its own level; that moves no greatest element, so nothing is left to be done here.
 */
export function acceptedSteps(
  confidences: ArrayLike<number>,
  { epsB, literal }: AcceptanceOptions,
): number {
  for (let n = confidences.length; n > 1; n -= 1) {
    const confidence = confidences[n - 1] as number;
    if (literal && confidence < epsB) continue;
    if (confidence > epsB ** (n - 1)) return n;
  }
  return 1;
}
