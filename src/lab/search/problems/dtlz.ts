// Deb, Thiele, Laumanns and Zitzler 2005, "Scalable test problems for evolutionary multiobjective optimization", for any number
// of objectives, and a constrained variant.
//
// Notation   m objectives; the first m - 1 variables choose a place on the front, the others its distance g
import type { Point } from '../points/contract.ts';
import { type AnalyticProblem, type Reference, reals, unconstrained } from './problem.ts';

const SOURCE = 'Deb, Thiele, Laumanns and Zitzler 2005; hypervolume from the front in closed form';

function dtlz(
  name: string,
  [count, objectives]: readonly [number, number],
  references: readonly Reference[],
  values: (point: Point) => readonly number[],
): AnalyticProblem {
  return {
    ...{ name, variables: reals(count, 0, 1), objectives, constraints: 0, references },
    source: SOURCE,
    evaluate: (point) => unconstrained(...values(point)),
  };
}

const distances = (point: Point, objectives: number) => point.slice(objectives - 1);

/** A multimodal distance. */
function waves(others: readonly number[]): number {
  const sum = others.reduce(
    (total, x) => total + (x - 0.5) ** 2 - Math.cos(20 * Math.PI * (x - 0.5)),
    0,
  );
  return 100 * (others.length + sum);
}

const bowl = (others: readonly number[]) => others.reduce((sum, x) => sum + (x - 0.5) ** 2, 0);

/** The sphere of radius `radius` at angles, (m - 1,). */
function onSphere(angles: readonly number[], radius: number): readonly number[] {
  return Array.from({ length: angles.length + 1 }, (_, i) => {
    const kept = angles.slice(0, angles.length - i);
    const cosines = kept.reduce((product, angle) => product * Math.cos(angle), radius);
    return i === 0 ? cosines : cosines * Math.sin(angles[angles.length - i] as number);
  });
}

/** Flat front sum f = 1/2: what is below it is a simplex of side 1/2, with 1 / (2^m m!) of volume. */
export function dtlz1(count: number, objectives: number): AnalyticProblem {
  const side = 400;
  const factorial = Array.from({ length: objectives }, (_, i) => i + 1).reduce((a, b) => a * b, 1);
  const most = side ** objectives - 0.5 ** objectives / factorial;
  return dtlz(
    `DTLZ1(${count},${objectives})`,
    [count, objectives],
    [{ point: new Array<number>(objectives).fill(side), most }],
    (point) => {
      const scale = 0.5 * (1 + waves(distances(point, objectives)));
      return Array.from({ length: objectives }, (_, i) => {
        const kept = point.slice(0, objectives - 1 - i);
        const product = kept.reduce((total, x) => total * x, scale);
        return i === 0 ? product : product * (1 - (point[objectives - 1 - i] as number));
      });
    },
  );
}

/** Concave front: the sphere of radius 1. Volume below it: pi / 4 of a square, pi / 6 of a cube. */
export function dtlz2(count: number, objectives: 2 | 3): AnalyticProblem {
  const below = objectives === 2 ? Math.PI / 4 : Math.PI / 6;
  return dtlz(
    `DTLZ2(${count},${objectives})`,
    [count, objectives],
    [{ point: new Array<number>(objectives).fill(1.1), most: 1.1 ** objectives - below }],
    (point) => {
      const angles = point.slice(0, objectives - 1).map((x) => (x * Math.PI) / 2);
      return onSphere(angles, 1 + bowl(distances(point, objectives)));
    },
  );
}

/** The front is a curve on the sphere: (c, c, s) with c^2 + c^2 + s^2 = 1, for three objectives. */
export function dtlz5(count: number): AnalyticProblem {
  return dtlz(
    `DTLZ5(${count},3)`,
    [count, 3],
    [{ point: [1.1, 1.1, 1.1], most: DTLZ5_MOST }],
    (point) => {
      const g = bowl(distances(point, 3));
      const [first = 0, second = 0] = point;
      const bent = (1 + 2 * g * second) / (2 * (1 + g));
      return onSphere([(first * Math.PI) / 2, (bent * Math.PI) / 2], 1 + g);
    },
  );
}

/**
 * Integral over s from 0 to 1 of (1.1 - c)^2 with c = sqrt((1 - s^2) / 2), and 0.1 (1.1)^2 above the end s = 1. See the test,
 * which adds up strips.
 */
const DTLZ5_MOST = 1.21 + 1 / 3 - (2.2 * Math.PI) / (4 * Math.SQRT2) + 0.121;

/** Disconnected front, 2^(m-1) pieces. */
export function dtlz7(count: number, objectives: 2 | 3): AnalyticProblem {
  const most = objectives === 2 ? DTLZ7_MOST[0] : DTLZ7_MOST[1];
  return dtlz(
    `DTLZ7(${count},${objectives})`,
    [count, objectives],
    [{ point: new Array<number>(objectives).fill(15), most }],
    (point) => {
      const others = distances(point, objectives);
      const g = 1 + (9 * others.reduce((sum, x) => sum + x, 0)) / others.length;
      const places = point.slice(0, objectives - 1);
      const bends = places.reduce(
        (sum, f) => sum + (f / (1 + g)) * (1 + Math.sin(3 * Math.PI * f)),
        0,
      );
      return [...places, (1 + g) * (objectives - bends)];
    },
  );
}

/**
 * At the reference of BoTorch, 15 in each: 11 * 15 + I and 9 * 15^2 + 30 I, where I is the integral from 0 to 15 of the highest
 * f (1 + sin 3 pi f) so far, by two million strips.
 */
const DTLZ7_MOST = [189.430773, 2757.923204] as const;

/** Of the feasible spheres around the corners, for two objectives; the one in the middle is wider by the root of 2. */
const C2_RADIUS = 0.2;

/**
 * DTLZ2 of which only what is within a sphere around a corner or the middle of the front is feasible. Jain and Deb 2014, "An
 * evolutionary many-objective optimization algorithm using reference-point based nondominated sorting approach, part II".
 */
export function c2dtlz2(count: number): AnalyticProblem {
  const plain = dtlz2(count, 2);
  return {
    ...plain,
    name: `C2-DTLZ2(${count})`,
    constraints: 1,
    source: 'Jain and Deb 2014, with the sums as BoTorch reads them; hypervolume of BoTorch',
    references: [{ point: [1.1, 1.1], most: 0.399643 }],
    evaluate(point) {
      const { objectives } = plain.evaluate(point);
      const squared = objectives.reduce((sum, f) => sum + f * f, 0);
      const corners = objectives.map((f) => (f - 1) ** 2 + squared - f * f - C2_RADIUS ** 2);
      const middle = objectives.reduce((sum, f) => sum + (f - Math.SQRT1_2) ** 2, 0);
      return { objectives, constraints: [Math.min(...corners, middle - 2 * C2_RADIUS ** 2)] };
    },
  };
}
