// All problems with known optimum, by name.
import { bnh, constr, osy, srn, tnk } from './constrained.ts';
import { c2dtlz2, dtlz1, dtlz2, dtlz5, dtlz7 } from './dtlz.ts';
import type { AnalyticProblem } from './problem.ts';
import {
  ackley10,
  branin,
  hartmann6,
  noisyAckley10,
  noisyRosenbrock10,
  rosenbrock10,
} from './single.ts';
import { mixedZdt1, zdt1, zdt2, zdt3, zdt4, zdt6 } from './zdt.ts';

const all: readonly AnalyticProblem[] = [
  ...[zdt1(5), zdt1(30), zdt2(5), zdt3(5), zdt4(5), zdt6(5), mixedZdt1],
  ...[dtlz1(5, 3), dtlz2(5, 2), dtlz2(6, 3), dtlz5(6), dtlz7(6, 2), dtlz7(6, 3), c2dtlz2(5)],
  ...[bnh, srn, tnk, osy, constr],
  ...[branin, hartmann6, ackley10, rosenbrock10, noisyAckley10, noisyRosenbrock10],
];

export const analyticProblems: ReadonlyMap<string, AnalyticProblem> = new Map(
  all.map((problem) => [problem.name, problem]),
);
