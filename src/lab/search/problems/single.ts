// Problems of one objective whose least value is known, without and with noise that depends on the place.
import type { Point } from '../points/contract.ts';
import { type AnalyticProblem, reals, unconstrained } from './problem.ts';

const one = { objectives: 1, constraints: 0, references: [] } as const;

/** Three minima of the same value. Branin 1972. */
export const branin: AnalyticProblem = {
  ...{ name: 'Branin', ...one, variables: [...reals(1, -5, 10), ...reals(1, 0, 15)] },
  source: 'Dixon and Szego 1978, "The global optimization problem: an introduction"',
  optimum: 0.39788735772973816,
  evaluate([x = 0, y = 0]) {
    const bent = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
    return unconstrained(bent ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10);
  },
};

const HEIGHTS = [1, 1.2, 3, 3.2];
const STEEPNESS = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** Four wells. */
export const hartmann6: AnalyticProblem = {
  ...{ name: 'Hartmann6', ...one, variables: reals(6, 0, 1) },
  source: 'Dixon and Szego 1978',
  optimum: -3.322368011415515,
  evaluate(point) {
    const depth = HEIGHTS.reduce((sum, height, well) => {
      const away = point.reduce(
        (total, x, i) =>
          total + (STEEPNESS[well]?.[i] as number) * (x - (CENTRES[well]?.[i] as number)) ** 2,
        0,
      );
      return sum + height * Math.exp(-away);
    }, 0);
    return unconstrained(-depth);
  },
};

/** Many shallow minima around one deep one. */
export const ackley10: AnalyticProblem = {
  ...{ name: 'Ackley-10', ...one, variables: reals(10, -32.768, 32.768) },
  source: 'Ackley 1987, "A connectionist machine for genetic hillclimbing"',
  optimum: 0,
  evaluate(point) {
    const mean = (of: (x: number) => number) =>
      point.reduce((sum, x) => sum + of(x), 0) / point.length;
    const far = -20 * Math.exp(-0.2 * Math.sqrt(mean((x) => x * x)));
    return unconstrained(far - Math.exp(mean((x) => Math.cos(2 * Math.PI * x))) + 20 + Math.E);
  },
};

/** A bent valley. */
export const rosenbrock10: AnalyticProblem = {
  ...{ name: 'Rosenbrock-10', ...one, variables: reals(10, -2.048, 2.048) },
  source:
    'Rosenbrock 1960, "An automatic method for finding the greatest or least value of a function"',
  optimum: 0,
  evaluate: (point) =>
    unconstrained(
      point
        .slice(1)
        .reduce(
          (sum, next, i) =>
            sum + 100 * (next - (point[i] as number) ** 2) ** 2 + (1 - (point[i] as number)) ** 2,
          0,
        ),
    ),
};

/** Standard deviation of the noise, from the first variable at its least to it at its most. Our choice. */
function noisy(
  problem: AnalyticProblem,
  [quiet, loud]: readonly [number, number],
): AnalyticProblem {
  const [first] = problem.variables;
  const share = (point: Point) => {
    if (first?.kind !== 'real') return 0;
    return ((point[0] as number) - first.least) / (first.most - first.least);
  };
  return {
    ...problem,
    name: `${problem.name}-noisy`,
    noise: (point) => quiet + share(point) * (loud - quiet),
  };
}

export const noisyAckley10 = noisy(ackley10, [0.1, 2]);
export const noisyRosenbrock10 = noisy(rosenbrock10, [1, 50]);
