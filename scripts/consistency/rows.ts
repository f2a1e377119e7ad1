// A row of results/consistency/pairs.json: two trained detectors on one data set.
import type { Comparison } from '../../src/lab/comparing/comparison.ts';

export interface Pair {
  readonly dataset: string;
  readonly a: string;
  readonly b: string;
  readonly seedA: number;
  readonly seedB: number;
}

export interface PairRow extends Pair {
  readonly status: Comparison['status'];
  readonly trials: number;
  readonly errorsA: number;
  readonly errorsB: number;
  readonly errorsShared: number;
  readonly kappa: number;
  readonly interval95: readonly [number, number];
  readonly chance95: readonly [number, number];
  readonly pValue: number;
  readonly least: number;
  readonly greatest: number;
  readonly balanced: number | undefined;
  /** Jensen-Shannon distances beyond chance; undefined with fewer than 100 errors on a side. */
  readonly byKind: number | undefined;
  readonly byAnswer: number | undefined;
  /** Undefined where the controls are not answered right. */
  readonly shapeBiasA: number | undefined;
  readonly shapeBiasB: number | undefined;
}

/** What a row is found again by. */
export function keyOf({ dataset, a, b, seedA, seedB }: Pair): string {
  return [dataset, a, seedA, b, seedB].join(' ');
}

export function rowOf(pair: Pair, found: Comparison): PairRow {
  const { status, n, errorsA, errorsB, errorsShared, kappa, interval95, chance95 } = found;
  const { pValue, least, greatest, balanced, byKind, byAnswer, shapeBias } = found;
  const valid = (bias: typeof shapeBias.a): number | undefined =>
    bias?.valid ? bias.bias : undefined;
  return {
    ...pair,
    ...{ status, trials: n, errorsA, errorsB, errorsShared, kappa, interval95, chance95 },
    ...{ pValue, least, greatest, balanced },
    byKind: byKind?.corrected,
    byAnswer: byAnswer?.corrected,
    shapeBiasA: valid(shapeBias.a),
    shapeBiasB: valid(shapeBias.b),
  };
}
