// Rows -> trials: windows that do not overlap, so that one long event does not count as a thousand trials.
import { quantile } from '../../../engine/statistics.ts';

/** (floor(n / size),) 1 where any row of the trial is marked; rows left over at the end are dropped. */
export function trialsOf(rows: Uint8Array, size: number): Uint8Array {
  return Uint8Array.from({ length: Math.floor(rows.length / size) }, (_, trial) =>
    rows.subarray(trial * size, (trial + 1) * size).includes(1) ? 1 : 0,
  );
}

/** (trials,) the highest score of each. */
export function trialScores(scores: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: Math.floor(scores.length / size) }, (_, trial) =>
    scores.subarray(trial * size, (trial + 1) * size).reduce((a, b) => Math.max(a, b)),
  );
}

/**
 * The level that a share `falseRate` of trials of held-back normal rows exceeds: all observers are compared at the same
 * false-alarm rate. Undefined with fewer than ten trials.
 */
export function trialLevel(
  calibration: Float64Array,
  size: number,
  falseRate: number,
): number | undefined {
  const normal = trialScores(calibration, size);
  return normal.length < 10 ? undefined : quantile(normal, 1 - falseRate);
}
