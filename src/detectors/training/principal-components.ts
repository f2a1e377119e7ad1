// Mean and principal components of windows, by the eigenvectors of their covariance.
//
// Notation   N windows, D cells, S (D, D) covariance = V' diag(lambda) V

import { symmetricEigen } from '../../engine/linear-algebra/decompositions.ts';
import { type Dense, dense } from '../../engine/linear-algebra/dense.ts';

export interface PrincipalComponents {
  /** (D,) */
  readonly mean: Float64Array;
  /** (D, D) one component a row, greatest variance first. */
  readonly components: readonly Float64Array[];
  /** (D,) descending, >= 0. */
  readonly variances: Float64Array;
}

/** Each component's greatest entry is positive, so that equal data give equal bytes. O(N D^2 + D^3). */
export function principalComponents(windows: readonly Float32Array[]): PrincipalComponents {
  const { mean, covariance } = moments(windows);
  const { values, vectors } = symmetricEigen(covariance);
  return { mean, components: vectors, variances: values.map((value) => Math.max(0, value)) };
}

/** The fewest components that explain `share` of the variance. */
export function componentsFor(variances: Float64Array, share: number): number {
  const total = variances.reduce((sum, value) => sum + value, 0);
  let explained = 0;
  let count = 0;
  while (count < variances.length && explained < share * total) {
    explained += variances[count] as number;
    count++;
  }
  return count;
}

function moments(windows: readonly Float32Array[]): { mean: Float64Array; covariance: Dense } {
  const size = windows[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const window of windows) addTo(mean, window, 1 / windows.length);
  const rows = Array.from({ length: size }, () => new Float64Array(size));
  const centred = new Float64Array(size);
  for (const window of windows) {
    for (let i = 0; i < size; i++) centred[i] = (window[i] as number) - (mean[i] as number);
    // Only the upper triangle; it is mirrored at the end.
    for (let i = 0; i < size; i++) addFrom(rows[i] as Float64Array, centred, i);
  }
  const covariance = dense(size, size, new Float64Array(size * size));
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = ((rows[i] as Float64Array)[j] as number) / (windows.length - 1);
      covariance.values[i * size + j] = value;
      covariance.values[j * size + i] = value;
    }
  }
  return { mean, covariance };
}

function addTo(sum: Float64Array, values: Float32Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + factor * (values[i] as number);
}

/** row += y_i * y, from column i on. */
function addFrom(row: Float64Array, y: Float64Array, i: number): void {
  const factor = y[i] as number;
  if (factor === 0) return;
  for (let j = i; j < row.length; j++) row[j] = (row[j] as number) + factor * (y[j] as number);
}
