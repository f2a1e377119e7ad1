// Error consistency: whether two detectors fail on the same trials more often than their error rates alone explain.
// Consecutive trials are correlated, so trials are shuffled and redrawn in blocks.
//
// Notation   a, b (n,) 1 = this observer was right on the trial; pA, pB shares right; cObs share of trials on which both
//   were right or both wrong; cExp the same for independent observers; kappa = (cObs - cExp) / (1 - cExp)

import { ShapeError } from '../../../core/errors.ts';
import type { Random } from '../../../engine/random.ts';
import { quantile } from '../../../engine/statistics.ts';

/** With fewer errors of either detector kappa is noise. */
const FEWEST_ERRORS = 20;
const ROUNDS = 2000;

export interface Consistency extends Kappa {
  /** `insufficient`: too few errors for a result. */
  readonly status: 'ok' | 'insufficient';
  /** Errors of each, and errors of both on the same trial. */
  readonly errorsA: number;
  readonly errorsB: number;
  readonly errorsShared: number;
  /** Equivalent number of independent trials. */
  readonly nEffective: number;
  readonly blockLength: number;
  /** Range of 95 % of the kappas of block permutations, i.e. of independent errors with the same autocorrelation. */
  readonly chance95: readonly [number, number];
  /** Share of permutations at least as far from their mean. */
  readonly pValue: number;
  /** Interval of kappa by bootstrap over blocks of trials, the same blocks for both. */
  readonly interval95: readonly [number, number];
  /** Kappa as a share of its maximum at these error rates; undefined if the maximum is not above 0. */
  readonly ofPossible: number | undefined;
  /** With labelled and unlabelled trials at equal weight; undefined when one kind is missing. */
  readonly balanced: number | undefined;
}

/** `a` and `b` are (n,) 1 = right and 0 = wrong, `labels` (n,) the truth, trials in order of time. O(2000 n). */
export function consistency(
  a: Uint8Array,
  b: Uint8Array,
  labels: Uint8Array,
  random: Random,
): Consistency {
  const n = a.length;
  const found = kappa(a, b);
  const length = blockLength(a, b);
  const kappaIn = (orderA: Uint32Array, orderB: Uint32Array): number =>
    kappaOf(a, orderA, b, orderB);
  const inOrder = Uint32Array.from(a, (_, trial) => trial);
  const chance = Float64Array.from({ length: ROUNDS }, () =>
    kappaIn(inOrder, shuffledBlocks(n, length, random)),
  );
  const redrawn = Float64Array.from({ length: ROUNDS }, () => {
    const order = drawnBlocks(n, length, random);
    return kappaIn(order, order);
  });
  const errorsA = a.filter((right) => right === 0).length;
  const errorsB = b.filter((right) => right === 0).length;
  const weights = balancing(labels);
  return {
    ...found,
    status: Math.min(errorsA, errorsB) < FEWEST_ERRORS ? 'insufficient' : 'ok',
    errorsA,
    errorsB,
    errorsShared: a.filter((right, trial) => right === 0 && b[trial] === 0).length,
    nEffective: n / Math.max(correlationTime(a), correlationTime(b)),
    blockLength: length,
    chance95: [quantile(chance, 0.025), quantile(chance, 0.975)],
    pValue: pValueOf(found.kappa, chance),
    interval95: [quantile(redrawn, 0.025), quantile(redrawn, 0.975)],
    ofPossible: found.greatest > 0 ? found.kappa / found.greatest : undefined,
    balanced: weights && kappa(a, b, weights).kappa,
  };
}

/** Kappa of trials in given orders; without copies, because it is called thousands of times. */
function kappaOf(a: Uint8Array, orderA: Uint32Array, b: Uint8Array, orderB: Uint32Array): number {
  const n = orderA.length;
  let rightA = 0;
  let rightB = 0;
  let agreed = 0;
  for (let i = 0; i < n; i++) {
    const right = a[orderA[i] as number] as number;
    const other = b[orderB[i] as number] as number;
    rightA += right;
    rightB += other;
    if (right === other) agreed++;
  }
  const expected = (rightA * rightB + (n - rightA) * (n - rightB)) / n ** 2;
  return expected === 1 ? 1 : (agreed / n - expected) / (1 - expected);
}

/** Two-sided; at least 1 / (R + 1), the least p-value of a permutation test with R rounds. */
function pValueOf(value: number, chance: Float64Array): number {
  const centre = chance.reduce((sum, one) => sum + one, 0) / chance.length;
  const farther = chance.filter((one) => Math.abs(one - centre) >= Math.abs(value - centre)).length;
  return (farther + 1) / (chance.length + 1);
}

interface Kappa {
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
      { code: 'SEN_SHP_TRIALS' },
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

/** (n,) weights that give labelled and unlabelled trials half of the total weight each; undefined when one kind is missing. */
export function balancing(labels: Uint8Array): Float64Array | undefined {
  const positives = labels.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return Float64Array.from(labels, (label) => 0.5 / (label === 0 ? negatives : positives));
}

/**
 * Integrated autocorrelation time in trials, at least 1: n trials are worth n / tau independent ones. Sums
 * correlations up to the first that is not positive. 1 for a constant series.
 */
export function correlationTime(series: Uint8Array): number {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++)
      sum += ((series[i] as number) - mean) * ((series[i - lag] as number) - mean);
    return sum;
  };
  const variance = covariance(0);
  if (variance === 0) return 1;
  let tau = 1;
  for (let lag = 1; lag < n / 4; lag++) {
    const correlation = covariance(lag) / variance;
    if (correlation <= 0) break;
    tau += 2 * correlation;
  }
  return tau;
}

/** Block length for two series: twice the longer correlation time, at most a tenth of the trials. */
export function blockLength(a: Uint8Array, b: Uint8Array): number {
  const wanted = Math.ceil(2 * Math.max(correlationTime(a), correlationTime(b)));
  return Math.max(1, Math.min(wanted, Math.floor(a.length / 10)));
}

/** (n,) an order of trials: turned by a random offset, cut into blocks, blocks shuffled. Every trial occurs once. */
export function shuffledBlocks(n: number, length: number, random: Random): Uint32Array {
  const offset = random.integer(n);
  const starts = Array.from({ length: Math.ceil(n / length) }, (_, block) => block * length);
  random.shuffle(starts);
  const order = new Uint32Array(n);
  let place = 0;
  for (const start of starts) {
    for (let i = start; i < Math.min(n, start + length); i++) order[place++] = (i + offset) % n;
  }
  return order;
}

/** (n,) trials drawn with replacement, in blocks that wrap around the end. */
export function drawnBlocks(n: number, length: number, random: Random): Uint32Array {
  const order = new Uint32Array(n);
  for (let place = 0; place < n; ) {
    const start = random.integer(n);
    for (let i = 0; i < length && place < n; i++) order[place++] = (start + i) % n;
  }
  return order;
}
