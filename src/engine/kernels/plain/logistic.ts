// The logistic function and its relatives, safe for any logit.

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** ln(1 + e^x); -softplus(-x) is log sigmoid(x). */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Binary cross-entropy of sigmoid(logit) to a label in [0, 1]. */
export function crossEntropy(logit: number, label: number): number {
  return softplus(logit) - label * logit;
}
