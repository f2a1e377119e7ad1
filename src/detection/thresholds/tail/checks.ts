// Checks that all thresholds share.
import { CalibrationError } from '../../../core/errors.ts';

/**
 * Throws `RangeError` if the score is NaN or minus infinity, or the level was never set. Both are bugs of the caller: such a
 * score would be judged normal, and in a mean or a sorted list of scores it would spoil the levels of hours.
 */
export function requireScore(score: number, level: number): void {
  if (!(score > Number.NEGATIVE_INFINITY)) throw new RangeError(`score is ${score}`);
  if (Number.isNaN(level)) throw new RangeError('threshold was neither fitted nor restored');
}

/** Throws `CalibrationError` unless there are `least` scores, all finite. */
export function requireCalibration(scores: Float64Array, least: number): void {
  if (scores.length < least) {
    throw new CalibrationError(
      `${scores.length} calibration scores cannot set an alert level, at least ${least} are needed: record longer`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  const at = scores.findIndex((score) => !Number.isFinite(score));
  if (at >= 0) {
    throw new CalibrationError(
      `calibration score ${at + 1} of ${scores.length} is ${scores[at]}: train the model again`,
      { code: 'SEN_CAL_DIVERGED' },
    );
  }
}

/** For `restore`: the stored state is of another kind or version. */
export function unknownState(kind: string): CalibrationError {
  return new CalibrationError(`the stored alert level is not one of kind '${kind}': fit it again`, {
    code: 'SEN_CAL_STORED_LEVEL',
  });
}
