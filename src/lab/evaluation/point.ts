// Precision, recall and F1 row by row, at a given level or at the best one in hindsight.
import { cutsOf } from './ranking.ts';
import { requireSameLength } from './validate.ts';

export interface PrecisionRecall {
  /** 0 when nothing was flagged. */
  readonly precision: number;
  /** 0 when nothing is labelled. */
  readonly recall: number;
  readonly f1: number;
}

/** (n,) 1 where the score lies above the level: the daemon's own rule, strictly greater. */
export function flag(scores: Float64Array, level: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score > level ? 1 : 0));
}

/** Row by row. Throws `ShapeError` unless both have the same, non-zero length. */
export function pointScores(labels: Uint8Array, predicted: Uint8Array): PrecisionRecall {
  requireSameLength(labels, predicted, 'predictions');
  let hit = 0;
  let flagged = 0;
  let labelled = 0;
  labels.forEach((label, row) => {
    const isFlagged = predicted[row] !== 0;
    if (label !== 0) labelled++;
    if (isFlagged) flagged++;
    if (label !== 0 && isFlagged) hit++;
  });
  return precisionRecall(ratio(hit, flagged), ratio(hit, labelled));
}

/**
 * The best F1 any level reaches, chosen by looking at the labels: an upper bound, to be printed as "oracle".
 * `level` is the score at and above which rows are flagged. Undefined when no row or every row is labelled.
 */
export function oracleF1(
  labels: Uint8Array,
  scores: Float64Array,
): { readonly f1: number; readonly level: number } | undefined {
  const cuts = cutsOf(labels, scores);
  const last = cuts[cuts.length - 1];
  if (!last || last.truePositives === 0 || last.falsePositives === 0) return undefined;
  let best = { f1: 0, level: last.level };
  for (const { level, truePositives, falsePositives } of cuts) {
    const f1 = (2 * truePositives) / (truePositives + falsePositives + last.truePositives);
    if (f1 > best.f1) best = { f1, level };
  }
  return best;
}

/** Harmonic mean; 0 when both are 0. */
export function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

export function precisionRecall(precision: number, recall: number): PrecisionRecall {
  return { precision, recall, f1: harmonicMean(precision, recall) };
}

/** 0 over 0 is 0: nothing found of nothing. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
