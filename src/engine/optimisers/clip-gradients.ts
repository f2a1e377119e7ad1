// Keeps one wild batch from throwing the weights away.
import type { Floats } from '../floats.ts';

/**
 * Scales all gradients down together until their Euclidean norm is at most `most`, and returns the norm they had.
 * A norm that is not finite is returned and nothing is scaled: the caller has to stop.
 */
export function clipGradients(gradients: Floats, most = Number.POSITIVE_INFINITY): number {
  let sum = 0;
  for (let i = 0; i < gradients.length; i++) sum += (gradients[i] as number) ** 2;
  const norm = Math.sqrt(sum);
  if (!(norm > most && Number.isFinite(norm))) return norm;
  const factor = most / norm;
  for (let i = 0; i < gradients.length; i++) gradients[i] = (gradients[i] as number) * factor;
  return norm;
}
