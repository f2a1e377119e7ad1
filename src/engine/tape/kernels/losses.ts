// Kernels that make one number of many. The notation is that of ../kernels.ts.

export interface SquaredErrorKernels {
  /** to = sum_i m_i (p_i - t_i)^2 / max(1, sum_i m_i); `mask` 0 means ones. */
  squaredError(to: number, prediction: number, target: number, mask: number, count: number): void;
  /** Adds its gradient by p, times `gradient`, (1,). */
  squaredErrorBack(
    to: number,
    gradient: number,
    prediction: number,
    target: number,
    mask: number,
    count: number,
  ): void;
}
