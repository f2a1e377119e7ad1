// Error consistency: whether two observers fail on the same trials more often than their error rates alone explain.
//
// Notation   a, b (n,) 1 = this observer was right on the trial; pA, pB shares right; cObs share of trials on which both
//   were right or both wrong; cExp the same for independent observers; kappa = (cObs - cExp) / (1 - cExp)
import { ShapeError } from '../../../core/errors.ts';

export interface Kappa {
  readonly n: number;
  readonly pA: number;
  readonly pB: number;
  readonly cObs: number;
  readonly cExp: number;
  /** 1 = the same errors, 0 = as independent observers, negative = one fails where the other does not. */
  readonly kappa: number;
  /** What kappa could be at these error rates: [|pA + pB - 1|, 1 - |pA - pB|] of agreement. */
  readonly least: number;
  readonly greatest: number;
}

/**
 * Geirhos et al. 2020, "Beyond accuracy: quantifying trial-by-trial behaviour of CNNs and humans by measuring error
 * consistency"; equal to Cohen's kappa of the two series. Trials may be weighted, e.g. to balance rare anomalies; the
 * weights need not sum to 1. Kappa is 1 where both are always right or always wrong.
 */
export function kappa(a: Uint8Array, b: Uint8Array, weights?: Float64Array): Kappa {
  if (a.length !== b.length || a.length === 0) {
    throw new ShapeError(
      `${a.length} trials of one observer, ${b.length} of the other: pair them by trial`,
    );
  }
  let total = 0;
  let rightA = 0;
  let rightB = 0;
  let agreed = 0;
  a.forEach((right, trial) => {
    const weight = weights?.[trial] ?? 1;
    total += weight;
    if (right) rightA += weight;
    if (b[trial]) rightB += weight;
    if (right === b[trial]) agreed += weight;
  });
  const pA = rightA / total;
  const pB = rightB / total;
  const cExp = pA * pB + (1 - pA) * (1 - pB);
  const at = (agreement: number): number => (cExp === 1 ? 1 : (agreement - cExp) / (1 - cExp));
  const cObs = agreed / total;
  return {
    n: a.length,
    pA,
    pB,
    cObs,
    cExp,
    kappa: at(cObs),
    least: at(Math.abs(pA + pB - 1)),
    greatest: at(1 - Math.abs(pA - pB)),
  };
}

/** (n,) weights that give labelled and unlabelled trials half of the say each; undefined when one kind is missing. */
export function balancing(labels: Uint8Array): Float64Array | undefined {
  const positives = labels.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return Float64Array.from(labels, (label) => 0.5 / (label === 0 ? negatives : positives));
}
