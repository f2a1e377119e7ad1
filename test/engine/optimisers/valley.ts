import type { Differentiable } from '../../../src/engine/optimisers/differentiable.ts';

/** The problem of scripts/golden/optimisers.py. */
export function valley(start: readonly number[]): Differentiable {
  const weights = Float64Array.from(start);
  const gradients = new Float64Array(weights.length);
  return { weights, gradients, gradient: () => slopes(weights, gradients) };
}

/** Of sum 10 (w' - w^2)^2 + (1/2 - w)^2, w' the next weight. */
function slopes(weights: Float64Array, gradients: Float64Array): void {
  gradients.fill(0);
  for (let i = 0; i + 1 < weights.length; i++) {
    const w = weights[i] as number;
    const bend = (weights[i + 1] as number) - w * w;
    gradients[i] = (gradients[i] as number) - 40 * bend * w - 2 * (0.5 - w);
    gradients[i + 1] = 20 * bend;
  }
}

/** sum_i curvature_i w_i^2 / 2 */
export function bowl(curvatures: readonly number[], start: readonly number[]): Differentiable {
  const weights = Float64Array.from(start);
  const gradients = new Float64Array(weights.length);
  const gradient = (): void => {
    for (const [i, curvature] of curvatures.entries()) {
      gradients[i] = curvature * (weights[i] as number);
    }
  };
  return { weights, gradients, gradient };
}
