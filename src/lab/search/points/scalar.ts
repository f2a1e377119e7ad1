// One value of many outputs: weighted objectives, and a penalty for broken constraints. Lower is better.
//
// Notation   m objectives, q constraints; outputs l (m + q,): objectives first
//            n_j = (l_j - least_j) / range_j the objectives on the range of the archive, t_j = w_j n_j
//            s = max_j t_j + 0.05 sum_j t_j + penalty sum_k max(0, l_k) / spread_k

import type { Random } from '../../../engine/random.ts';
import { extent, mean } from '../../../engine/statistics.ts';
import type { Evaluated } from './contract.ts';
import { isFeasible, violationsOf } from './history.ts';

/** What objectives and constraints are measured in. */
export interface Ranges {
  /** (m,) the least of each objective. */
  readonly least: readonly number[];
  /** (m,) above 0. */
  readonly range: readonly number[];
  /** (q,) above 0: the typical size of each constraint. */
  readonly spread: readonly number[];
}

export interface ScalarOptions {
  readonly value: 'tchebycheff' | 'convex';
  /** (m,) that sum to 1. */
  readonly weights: readonly number[];
  readonly penalty: number;
}

export interface Scalar {
  /** s */
  at(outputs: readonly number[]): number;
  /** (m + q,) ds/dl; at a kink one of the two. */
  slopes(outputs: readonly number[]): readonly number[];
  /** Sum over the constraints of what is above 0, in their spreads; 0 = all are kept. */
  violation(outputs: readonly number[]): number;
  /** n, (m,) */
  normalised(outputs: readonly number[]): readonly number[];
}

/** Share of the sum beside the maximum: Knowles 2006, "ParEGO: a hybrid algorithm with on-line landscape approximation". */
const AUGMENTATION = 0.05;

/** Sharpness of the maximum: terms that are this much smaller, inverted, weigh a third. Our choice. */
const SHARPNESS = 40;

/**
 * Augmented Tchebycheff with the smooth maximum ln(sum exp(a t)) / a, which has a gradient everywhere; or the convex sum, which
 * reaches only the ends of a concave front.
 */
export function scalarOf({ least, range, spread }: Ranges, options: ScalarOptions): Scalar {
  const { value, weights, penalty } = options;
  const objectives = least.length;
  const normalised = (outputs: readonly number[]) =>
    least.map((low, j) => ((outputs[j] as number) - low) / (range[j] as number));
  const violation = (outputs: readonly number[]) =>
    spread.reduce((sum, unit, k) => sum + Math.max(0, outputs[objectives + k] as number) / unit, 0);
  const terms = (outputs: readonly number[]) =>
    normalised(outputs).map((one, j) => one * (weights[j] as number));

  /** ds/dt, without the penalty. */
  const shares = (t: readonly number[]): readonly number[] => {
    if (value === 'convex') return t.map(() => 1);
    const most = Math.max(...t);
    const powers = t.map((one) => Math.exp(SHARPNESS * (one - most)));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum + AUGMENTATION);
  };

  return {
    violation,
    normalised,
    at(outputs) {
      const t = terms(outputs);
      const total = t.reduce((sum, one) => sum + one, 0);
      const broken = penalty * violation(outputs);
      if (value === 'convex') return total + broken;
      return smoothMaximum(t) + AUGMENTATION * total + broken;
    },
    slopes(outputs) {
      const byObjective = shares(terms(outputs)).map(
        (slope, j) => (slope * (weights[j] as number)) / (range[j] as number),
      );
      const byConstraint = spread.map((unit, k) =>
        (outputs[objectives + k] as number) > 0 ? penalty / unit : 0,
      );
      return [...byObjective, ...byConstraint];
    },
  };
}

function smoothMaximum(values: readonly number[]): number {
  const most = Math.max(...values);
  const sum = values.reduce((total, one) => total + Math.exp(SHARPNESS * (one - most)), 0);
  return most + Math.log(sum) / SHARPNESS;
}

/** Least range of the archive, as a share of that of all feasible points. Our choice. */
const LEAST_SHARE = 0.1;

/**
 * Ranges of the archive; of what is feasible, or of all, where that has none. An archive whose points lie close together says
 * nothing of how far the front goes: in units of its own range, all beyond it would count as bad.
 */
export function rangesOf(evaluated: readonly Evaluated[], archive: readonly Evaluated[]): Ranges {
  const feasible = evaluated.filter(isFeasible);
  const count = evaluated[0]?.objectives.length ?? 0;
  const all = feasible.length > 0 ? feasible : evaluated;
  const best = archive.length > 0 ? archive : all;
  const sides = Array.from({ length: count }, (_, j) => {
    const [near, far] = [best, all].map((set) =>
      extent(set.map(({ objectives }) => objectives[j] as number)),
    ) as [readonly [number, number], readonly [number, number]];
    const [own, shown] = [near[1] - near[0], LEAST_SHARE * (far[1] - far[0])];
    return { least: near[0], range: Math.max(own, shown) || 1 };
  });
  return {
    least: sides.map(({ least }) => least),
    range: sides.map(({ range }) => range),
    spread: (evaluated[0]?.constraints ?? []).map(
      (_, k) => mean(evaluated.map(({ constraints }) => Math.abs(constraints[k] as number))) || 1,
    ),
  };
}

/**
 * (m,) the reference of hypervolume improvements in a box, in `normalised` objectives. For more than two objectives a tenth of the range
 * beyond the worst of the archive: the further the reference, the more the corners of a front count beside its middle, and by the
 * power of m - 1 (Ishibuchi et al. 2018, "How to specify a reference point in hypervolume calculation for fair performance comparison").
 */
export function frontReference(objectives: number): readonly number[] {
  return objectives > 2 ? new Array<number>(objectives).fill(1.1) : farReference(objectives);
}

/**
 * (m,) a whole range beyond the worst of the archive, as Ponweiser et al. 2008 have it: with a tenth the ends of a front of two
 * objectives were never sought. Over candidates for any number of objectives: in a box a front can be followed step by step, but the
 * next of few networks may lie far beyond all that are known, and what lies beyond the reference adds nothing.
 */
export function farReference(objectives: number): readonly number[] {
  return new Array<number>(objectives).fill(2);
}

/** Of one objective: what breaks constraints is worse than all others, by its violation (Deb 2000). */
export function penalisedValues(evaluated: readonly Evaluated[]): readonly number[] {
  const values = evaluated.map(({ objectives: [value = 0] }) => value);
  const kept = values.filter((_, i) => isFeasible(evaluated[i] as Evaluated));
  const [least, worst] = extent(kept.length > 0 ? kept : values);
  const violations = violationsOf(evaluated);
  return values.map((value, i) => {
    const violation = violations[i] as number;
    return violation > 0 ? worst + (worst - least || 1) * violation : value;
  });
}

/** Each vector of weights that sum to 1 is equally likely. */
export function flatDirichlet(count: number, random: Random): readonly number[] {
  const draws = Array.from({ length: count }, () => -Math.log(1 - random.uniform()));
  const sum = draws.reduce((total, draw) => total + draw, 0) || 1;
  return draws.map((draw) => draw / sum);
}
