// Zitzler, Deb and Thiele 2000, "Comparison of multiobjective evolutionary algorithms: empirical results": two objectives, at
// the front of which all variables but the first are 0. ZDT5 is left out: its variables are bit strings.
//
// Notation   f1 the first objective, g the distance from the front, f2 = g h(f1, g)
import type { Point, Variable } from '../points/contract.ts';
import { type AnalyticProblem, type Reference, reals, unconstrained } from './problem.ts';

const [NEAR, FAR] = [
  [1.1, 1.1],
  [11, 11],
] as const;

const SOURCE = 'Zitzler, Deb and Thiele 2000; hypervolume from the front in closed form';

/** Hypervolumes at `NEAR` and `FAR`; undefined where the second is not reported. */
function references(near: number, far?: number): readonly Reference[] {
  return [{ point: NEAR, most: near }, ...(far === undefined ? [] : [{ point: FAR, most: far }])];
}

const rest = ([, ...others]: Point): readonly number[] => others;

/** 1 + 9 times the mean of all variables but the first. */
const meanDistance = (point: Point): number =>
  1 + (9 * rest(point).reduce((sum, x) => sum + x, 0)) / (point.length - 1);

function zdt(
  name: string,
  variables: readonly Variable[],
  found: readonly Reference[],
  objectives: (point: Point) => readonly [number, number],
): AnalyticProblem {
  return {
    ...{ name, variables, objectives: 2, constraints: 0, references: found, source: SOURCE },
    evaluate: (point) => unconstrained(...objectives(point)),
  };
}

/** Convex front f2 = 1 - sqrt f1. */
export const zdt1 = (count: number): AnalyticProblem =>
  zdt(`ZDT1(${count})`, reals(count, 0, 1), references(1.21 - 1 / 3, 121 - 1 / 3), (point) => {
    const [f1 = 0] = point;
    const g = meanDistance(point);
    return [f1, g * (1 - Math.sqrt(f1 / g))];
  });

/** Concave front f2 = 1 - f1^2. */
export const zdt2 = (count: number): AnalyticProblem =>
  zdt(`ZDT2(${count})`, reals(count, 0, 1), references(1.21 - 2 / 3, 121 - 2 / 3), (point) => {
    const [f1 = 0] = point;
    const g = meanDistance(point);
    return [f1, g * (1 - (f1 / g) ** 2)];
  });

/** Front in five pieces. */
export const zdt3 = (count: number): AnalyticProblem =>
  zdt(`ZDT3(${count})`, reals(count, 0, 1), references(1.331738, 128.778112), (point) => {
    const [f1 = 0] = point;
    const g = meanDistance(point);
    return [f1, g * (1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1))];
  });

/** 21^(d-1) local fronts; the front of ZDT1. */
export const zdt4 = (count: number): AnalyticProblem =>
  zdt(
    `ZDT4(${count})`,
    [...reals(1, 0, 1), ...reals(count - 1, -5, 5)],
    references(1.21 - 1 / 3, 121 - 1 / 3),
    (point) => {
      const [f1 = 0] = point;
      const waves = rest(point).reduce((sum, x) => sum + x * x - 10 * Math.cos(4 * Math.PI * x), 0);
      const g = 1 + 10 * (point.length - 1) + waves;
      return [f1, g * (1 - Math.sqrt(f1 / g))];
    },
  );

/** Concave front f2 = 1 - f1^2 from f1 = 0.2807753191 on, with few points near it. */
export const zdt6 = (count: number): AnalyticProblem =>
  zdt(`ZDT6(${count})`, reals(count, 0, 1), references(0.507877), (point) => {
    const [x = 0] = point;
    const f1 = 1 - Math.exp(-4 * x) * Math.sin(6 * Math.PI * x) ** 6;
    const mean = rest(point).reduce((sum, one) => sum + one, 0) / (point.length - 1);
    const g = 1 + 9 * mean ** 0.25;
    return [f1, g * (1 - (f1 / g) ** 2)];
  });

/** Steps of an integer, and distance that each option of a choice adds. Our choice. */
const [STEPS, OPTION_DISTANCES] = [10, [0.4, 0, 0.8, 0.2]];

/**
 * ZDT1 of five variables: a real, two integers that stand for reals in tenths, a real, and a choice of which the second option
 * is right. Its front is that of ZDT1. Our own.
 */
export const mixedZdt1: AnalyticProblem = {
  name: 'ZDT1-mixed',
  variables: [
    ...reals(1, 0, 1),
    { kind: 'integer', least: 0, most: STEPS },
    { kind: 'integer', least: 0, most: STEPS },
    ...reals(1, 0, 1),
    { kind: 'choice', options: OPTION_DISTANCES.length },
  ],
  ...{ objectives: 2, constraints: 0, references: references(1.21 - 1 / 3, 121 - 1 / 3) },
  source: 'ours, after ZDT1',
  evaluate([first = 0, one = 0, two = 0, last = 0, option = 0]) {
    const distance = OPTION_DISTANCES[option] as number;
    return zdt1(5).evaluate([first, one / STEPS, two / STEPS, last, distance]);
  },
};
