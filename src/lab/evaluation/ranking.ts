// Areas that judge the order of the scores row by row; both are invariant to strictly monotone transforms.
import { hasBothClasses, requireScores } from './validate.ts';

/** Counts at one distinct score, from the highest down: rows flagged when that score is the threshold. */
export interface Cut {
  readonly level: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/**
 * Average precision: sum over distinct scores of (R_i - R_(i-1)) P_i, ties grouped. Chance = prevalence.
 * Undefined when no row or every row is labelled. O(n log n).
 */
export function aucPr(labels: Uint8Array, scores: Float64Array): number | undefined {
  const cuts = cutsOf(labels, scores);
  if (!hasBothClasses(labels)) return undefined;
  const positives = cuts[cuts.length - 1]?.truePositives ?? 0;
  let area = 0;
  let recalled = 0;
  for (const { truePositives, falsePositives } of cuts) {
    area +=
      ((truePositives - recalled) / positives) * (truePositives / (truePositives + falsePositives));
    recalled = truePositives;
  }
  return area;
}

/**
 * Area under the ROC curve: the chance that a labelled row scores above an unlabelled one, ties counted half.
 * Chance = 0.5. Undefined when no row or every row is labelled. O(n log n).
 */
export function aucRoc(labels: Uint8Array, scores: Float64Array): number | undefined {
  const cuts = cutsOf(labels, scores);
  if (!hasBothClasses(labels)) return undefined;
  const last = cuts[cuts.length - 1];
  let area = 0;
  let before = { truePositives: 0, falsePositives: 0 };
  for (const cut of cuts) {
    const width = cut.falsePositives - before.falsePositives;
    area += (width * (cut.truePositives + before.truePositives)) / 2;
    before = cut;
  }
  return area / ((last?.truePositives ?? 0) * (last?.falsePositives ?? 0));
}

/** One cut per distinct score, highest first. */
export function cutsOf(labels: Uint8Array, scores: Float64Array): readonly Cut[] {
  requireScores(labels, scores);
  const order = Uint32Array.from(scores, (_, row) => row);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const cuts: Cut[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  order.forEach((row, place) => {
    if (labels[row] !== 0) truePositives++;
    else falsePositives++;
    const level = scores[row] as number;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== level)
      cuts.push({ level, truePositives, falsePositives });
  });
  return cuts;
}
