// The logistic function and its relatives in double precision: there are few of them, and single precision would
// blur the stop rule and the backtracking. exp and log1p are AssemblyScript's own code, not the platform's.

export function sigmoid(logit: f64): f64 {
  return 1.0 / (1.0 + Math.exp(-logit));
}

/** ln(1 + e^x); -softplus(-x) is log sigmoid(x). */
export function softplus(x: f64): f64 {
  return Math.max(x, 0.0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Binary cross-entropy of sigmoid(logit) to a label in [0, 1]. */
export function crossEntropy(logit: f64, label: f64): f64 {
  return softplus(logit) - label * logit;
}
