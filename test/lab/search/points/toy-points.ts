// Small problems for tests of searches over points.
import type { Measured, Point, PointProblem } from '../../../../src/lab/search/points/contract.ts';

/** A real, an integer on a log scale, and a choice; two objectives, one constraint, one rule. */
export const mixed: PointProblem = {
  variables: [
    { kind: 'real', least: -1, most: 3 },
    { kind: 'integer', least: 1, most: 64, log: true },
    { kind: 'choice', options: 3 },
  ],
  ...{ objectives: 2, constraints: 1 },
  legal: ([x = 0, , option]) => !(option === 2 && x > 1),
};

/** 18 points, of which 15 are legal. */
export const small: PointProblem = {
  variables: [
    { kind: 'integer', least: 0, most: 5 },
    { kind: 'choice', options: 3 },
  ],
  ...{ objectives: 1, constraints: 1 },
  legal: ([n = 0, option = 0]) => n < 3 || option !== 1,
};
export const SMALL_LEGAL = 15;

export function measured(
  { objectives }: PointProblem,
  [a = 0, b = 0, option = 0]: Point,
): Measured {
  const first = (a - 1) ** 2 + Math.log(b + 1) + option;
  return {
    objectives: [first, 3 - a + b / 20].slice(0, objectives),
    constraints: [a - 2.5],
  };
}
