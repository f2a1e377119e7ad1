// Minimises a smooth function of a few variables (BFGS).

import { dot } from '../linear-algebra/dense.ts';

export interface Slope {
  readonly value: number;
  /** (variables,) */
  readonly gradient: Float64Array;
}

export interface Bottom extends Slope {
  readonly at: Float64Array;
}

/** Least reduction as a share of the slope's prediction (Armijo's condition; the usual 1e-4). */
const LEAST_FALL = 1e-4;
const MOST_HALVINGS = 30;
/** Least product of step and change of slope, as a share of their lengths, for an update of the curvature. */
const LEAST_CURVATURE = 1e-10;

/**
 * Descends from `start` until a step gains less than `tolerance`, or no step gains, or after `steps` steps; never ends
 * higher than it began. Nocedal and Wright 2006, "Numerical optimization", Alg. 6.1. Departs from it: steps are halved
 * until they gain, and a step without positive curvature does not change the estimate.
 */
export function descend(
  slopeAt: (x: Float64Array) => Slope,
  start: Float64Array,
  { steps, tolerance }: { readonly steps: number; readonly tolerance: number },
): Bottom {
  const inverse = identity(start.length);
  let here: Bottom = { at: start, ...slopeAt(start) };
  for (let step = 0; step < steps; step++) {
    const next = along(
      slopeAt,
      here,
      times(inverse, here.gradient).map((value) => -value),
    );
    if (!next) break;
    const gained = here.value - next.value;
    learnCurvature(inverse, minus(next.at, here.at), minus(next.gradient, here.gradient));
    here = next;
    if (gained < tolerance) break;
  }
  return here;
}

function along(
  slopeAt: (x: Float64Array) => Slope,
  { at, value, gradient }: Bottom,
  direction: Float64Array,
): Bottom | undefined {
  const promised = dot(gradient, direction);
  let length = Math.min(1, 1 / Math.sqrt(dot(direction, direction)));
  for (let halving = 0; halving < MOST_HALVINGS && promised < 0; halving++, length /= 2) {
    const tried = at.map((x, i) => x + length * (direction[i] as number));
    const found = slopeAt(tried);
    if (found.value <= value + LEAST_FALL * length * promised) return { at: tried, ...found };
  }
  return undefined;
}

/** H <- (I - s y'/y's) H (I - y s'/y's) + s s'/y's, in place. */
function learnCurvature(inverse: Float64Array[], s: Float64Array, y: Float64Array): void {
  const curvature = dot(s, y);
  if (!(curvature > LEAST_CURVATURE * Math.sqrt(dot(s, s) * dot(y, y)))) return;
  const moved = times(inverse, y);
  const factor = (1 + dot(y, moved) / curvature) / curvature;
  for (const [i, row] of inverse.entries()) {
    for (let j = 0; j < row.length; j++) {
      const [si, sj] = [s[i] as number, s[j] as number];
      const cross = ((moved[i] as number) * sj + si * (moved[j] as number)) / curvature;
      row[j] = (row[j] as number) + factor * si * sj - cross;
    }
  }
}

function identity(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size);
    row[i] = 1;
    return row;
  });
}

function times(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - (b[i] as number));
}
