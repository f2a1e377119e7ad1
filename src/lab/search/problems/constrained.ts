// Problems of two objectives under constraints, collected in Deb 2001, "Multi-objective optimization using evolutionary
// algorithms", chapter 8. Constraints are kept at 0 and below.
import { type AnalyticProblem, reals } from './problem.ts';

const two = { objectives: 2, constraints: 2 } as const;

/** Binh and Korn 1997. */
export const bnh: AnalyticProblem = {
  ...{ name: 'BNH', ...two, variables: [...reals(1, 0, 5), ...reals(1, 0, 3)] },
  source: 'Binh and Korn 1997; reference of BoFire; hypervolume from the front by a fine grid',
  references: [{ point: [140, 50], most: 5285.3 }],
  evaluate: ([x = 0, y = 0]) => ({
    objectives: [4 * x * x + 4 * y * y, (x - 5) ** 2 + (y - 5) ** 2],
    constraints: [(x - 5) ** 2 + y * y - 25, 7.7 - (x - 8) ** 2 - (y + 3) ** 2],
  }),
};

/** Srinivas and Deb 1994. */
export const srn: AnalyticProblem = {
  ...{ name: 'SRN', ...two, variables: reals(2, -20, 20) },
  source: 'Srinivas and Deb 1994; hypervolume from a grid of .01, so at least this',
  references: [{ point: [230, 20], most: 30_735 }],
  evaluate: ([x = 0, y = 0]) => ({
    objectives: [2 + (x - 2) ** 2 + (y - 1) ** 2, 9 * x - (y - 1) ** 2],
    constraints: [x * x + y * y - 225, x - 3 * y + 10],
  }),
};

/** Tanaka 1995. The front is the edge of the feasible region. */
export const tnk: AnalyticProblem = {
  ...{ name: 'TNK', ...two, variables: reals(2, 1e-9, Math.PI) },
  source: 'Tanaka et al. 1995; hypervolume from the front by a fine grid; (4, 4) is of BoFire',
  references: [
    { point: [1.2, 1.2], most: 0.6549 },
    { point: [4, 4], most: 14.981 },
  ],
  evaluate: ([x = 0, y = 0]) => ({
    objectives: [x, y],
    constraints: [
      1 + 0.1 * Math.cos(16 * Math.atan2(x, y)) - x * x - y * y,
      (x - 0.5) ** 2 + (y - 0.5) ** 2 - 0.5,
    ],
  }),
};

/** Osyczka and Kundu 1995. Hardly any point is feasible; the front has five pieces, each between constraints. */
export const osy: AnalyticProblem = {
  ...{ name: 'OSY', objectives: 2, constraints: 6 },
  variables: [
    ...reals(2, 0, 10),
    ...reals(1, 1, 5),
    ...reals(1, 0, 6),
    ...reals(1, 1, 5),
    ...reals(1, 0, 10),
  ],
  source: 'Osyczka and Kundu 1995; reference of BoTorch; hypervolume of the five known pieces',
  references: [{ point: [-75, 75], most: 10_108 }],
  evaluate([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]) {
    const first = 25 * (a - 2) ** 2 + (b - 2) ** 2 + (c - 1) ** 2 + (d - 4) ** 2 + (e - 1) ** 2;
    return {
      objectives: [-first, a * a + b * b + c * c + d * d + e * e + f * f],
      constraints: [
        2 - a - b,
        a + b - 6,
        b - a - 2,
        a - 3 * b - 2,
        (c - 3) ** 2 + d - 4,
        4 - (e - 3) ** 2 - f,
      ],
    };
  },
};

/** Deb et al. 2002. */
export const constr: AnalyticProblem = {
  ...{ name: 'CONSTR', ...two, variables: [...reals(1, 0.1, 1), ...reals(1, 0, 5)] },
  source: 'Deb et al. 2002; hypervolume from the front in closed form',
  references: [
    { point: [1.1, 10], most: 5.3327 },
    { point: [10, 10], most: 85.433 },
  ],
  evaluate: ([x = 0, y = 0]) => ({
    objectives: [x, (1 + y) / x],
    constraints: [6 - y - 9 * x, 1 + y - 9 * x],
  }),
};
