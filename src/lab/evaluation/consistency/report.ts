// Two detectors on the same trials: does the second add information, or repeat the first one's errors?
import type { Random } from '../../../engine/random.ts';
import { quantile } from '../../../engine/statistics.ts';
import { blockLength, correlationTime, drawnBlocks, shuffledBlocks } from './blocks.ts';
import { balancing, type Kappa, kappa } from './kappa.ts';

/** With fewer errors on either side kappa is noise. */
const FEWEST_ERRORS = 20;
const ROUNDS = 2000;

export interface Consistency extends Kappa {
  /** `insufficient`: too few errors to say anything. */
  readonly status: 'ok' | 'insufficient';
  /** Errors of each, and trials both got wrong. */
  readonly errorsA: number;
  readonly errorsB: number;
  readonly errorsShared: number;
  /** Independent trials these are worth. */
  readonly nEffective: number;
  readonly blockLength: number;
  /** Kappas of 95 % of block permutations: what independent errors with these runs would give. */
  readonly chance95: readonly [number, number];
  /** Share of permutations at least as far from their mean. */
  readonly pValue: number;
  /** Of the kappa itself, by redrawing blocks of trials for both alike. */
  readonly interval95: readonly [number, number];
  /** As share of what is possible at these error rates; undefined where nothing is. */
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

/** Kappa of trials taken in some order; counted without copies, for it is called thousands of times. */
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

/** Two-sided; never 0, for a permutation test with R rounds cannot say less than 1 / (R + 1). */
function pValueOf(value: number, chance: Float64Array): number {
  const centre = chance.reduce((sum, one) => sum + one, 0) / chance.length;
  const farther = chance.filter((one) => Math.abs(one - centre) >= Math.abs(value - centre)).length;
  return (farther + 1) / (chance.length + 1);
}
