// Kernels of losses, which reduce many numbers to one. The notation is that of ../kernels.ts.

/**
 * Each: to (1,) = sum_i w_i l_i / max(1, sum_i w_i), and its slopes by the predictions. `weights` 0 means ones.
 * Elements of weight 0 are ignored, even if they are NaN. p is a prediction, t its target.
 */
export interface LossKernels {
  /** l = (p - t)^2 */
  squaredLoss(
    to: number,
    slopes: number,
    prediction: number,
    target: number,
    weights: number,
    count: number,
  ): void;
  /** l = (p - t)^2 / 2 where |p - t| is at most `delta`, linear beyond. */
  huberLoss(
    to: number,
    slopes: number,
    prediction: number,
    target: number,
    weights: number,
    delta: number,
    count: number,
  ): void;
  /** l = ln(1 + e^p) - t p, the binary cross-entropy of sigmoid(p) to t. */
  logisticLoss(
    to: number,
    slopes: number,
    prediction: number,
    target: number,
    weights: number,
    count: number,
  ): void;
  /** l = (s + (t - p)^2 e^-s) / 2, with the variance e^s. */
  gaussianLoss(
    to: number,
    slopes: number,
    logVarianceSlopes: number,
    prediction: number,
    logVariance: number,
    target: number,
    weights: number,
    count: number,
  ): void;
  /** l = max(q (t - p), (q - 1) (t - p)) with p (rows, levels), t (rows,) and q (levels,); all weights are 1. */
  quantileLoss(
    to: number,
    slopes: number,
    prediction: number,
    target: number,
    levels: number,
    rows: number,
    levelCount: number,
  ): void;
  /** l = - sum_k t_k ln softmax(p)_k of each row; p and t (rows, columns), weights (rows,). */
  softmaxLoss(
    to: number,
    slopes: number,
    prediction: number,
    target: number,
    weights: number,
    rows: number,
    columns: number,
  ): void;
}
