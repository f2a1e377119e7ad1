import { ShapeError } from '../../core/errors.ts';
import { countMarked } from '../series/segments.ts';

/**
 * Checks the inputs that all metrics share: same length, at least one row, no NaN among the scores; else `ShapeError`.
 * Infinite scores are allowed, they only rank.
 */
export function requireScores(labels: Uint8Array, scores: Float64Array): void {
  requireSameLength(labels, scores, 'scores');
  requireNumbers(scores);
}

/** Throws `ShapeError` naming the first row without a number. */
export function requireNumbers(scores: Float64Array): void {
  const missing = scores.findIndex(Number.isNaN);
  if (missing < 0) return;
  throw new ShapeError(`score ${missing} of ${scores.length} is not a number: score every row`, {
    code: 'SEN_SHP_LABELS',
  });
}

/** Throws `ShapeError` unless both have the same, non-zero length. */
export function requireSameLength(
  labels: Uint8Array,
  others: { readonly length: number },
  what: string,
): void {
  if (labels.length !== others.length) {
    throw new ShapeError(
      `${labels.length} labels but ${others.length} ${what}: a label and one of the ${what} is needed for each row`,
      { code: 'SEN_SHP_LABELS' },
    );
  }
  if (labels.length === 0)
    throw new ShapeError('no rows to judge: at least one is needed', { code: 'SEN_SHP_LABELS' });
}

/** False when a ranking cannot be judged because no row, or every row, is labelled. */
export function hasBothClasses(labels: Uint8Array): boolean {
  const positives = countMarked(labels);
  return positives > 0 && positives < labels.length;
}
