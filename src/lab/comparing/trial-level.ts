import { quantile } from '../../engine/statistics.ts';
import { trialScores } from '../evaluation/consistency/trials.ts';

/**
 * The level that a share `falseRate` of trials of held-back normal rows exceeds: the same for every detector, so that
 * observers are compared at equal readiness to ring. Undefined with fewer than ten trials.
 */
export function trialLevel(
  calibration: Float64Array,
  size: number,
  falseRate: number,
): number | undefined {
  const normal = trialScores(calibration, size);
  return normal.length < 10 ? undefined : quantile(normal, 1 - falseRate);
}
