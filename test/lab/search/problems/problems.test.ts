import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { hypervolume } from '../../../../src/lab/search/front.ts';
import { isFeasible } from '../../../../src/lab/search/points/history.ts';
import { PointSpace } from '../../../../src/lab/search/points/space.ts';
import { analyticProblems } from '../../../../src/lab/search/problems/index.ts';
import type { AnalyticProblem } from '../../../../src/lab/search/problems/problem.ts';
import { golden } from '../../../golden/read.ts';

interface Reference {
  readonly tolerance: number;
  readonly values: Readonly<Record<string, readonly { x: number[]; f: number[] }[]>>;
  readonly minima: Readonly<Record<string, { x: number[]; value: number }>>;
  readonly volumes: readonly { points: number[][]; reference: number[]; volume: number }[];
}

const reference = golden<Reference>('optimisation.json');

const problem = (name: string) => analyticProblems.get(name) as AnalyticProblem;

/** `count` numbers from `least` to `most`. */
const line = (least: number, most: number, count = 4001): readonly number[] =>
  Array.from({ length: count }, (_, i) => least + ((most - least) * i) / (count - 1));

const zeros = (count: number) => new Array<number>(count).fill(0);
const halves = (count: number) => new Array<number>(count).fill(0.5);
/** ZDT4 to DTLZ: the first variable is free, the others are where the distance is 0. */
const along = (others: readonly number[]) => line(0, 1).map((x) => [x, ...others]);

/** Points of variables that lie densely on the front, of which some may be dominated. */
const fronts: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'ZDT1(5)': along(zeros(4)),
  'ZDT1(30)': along(zeros(29)),
  'ZDT2(5)': along(zeros(4)),
  'ZDT3(5)': along(zeros(4)),
  'ZDT4(5)': along(zeros(4)),
  'ZDT6(5)': line(0, 1, 40_001).map((x) => [x, ...zeros(4)]),
  'ZDT1-mixed': line(0, 1).map((x) => [x, 0, 0, 0, 1]),
  'DTLZ2(5,2)': along(halves(4)),
  'DTLZ7(6,2)': along(zeros(5)),
  'C2-DTLZ2(5)': along(halves(4)),
  BNH: [...line(0, 3).map((x) => [x, x]), ...line(3, 5).map((x) => [x, 3])],
  SRN: [
    ...line(2.5, 14.79).map((y) => [-2.5, y]),
    ...line(-2.5, 1.1).map((x) => [x, (x + 10) / 3]),
    ...line(-6.4, -2.5).map((x) => [x, Math.sqrt(225 - x * x) - 1e-12]),
  ],
  TNK: line(0.03, Math.PI / 2 - 0.03, 20_001).map((angle) => {
    const radius = Math.sqrt(1 + 0.1 * Math.cos(16 * angle)) * (1 + 1e-12);
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  }),
  OSY: [
    ...line(1, 5).map((c) => [5, 1, c, 0, 5, 0]),
    ...line(1, 5).map((c) => [5, 1, c, 0, 1, 0]),
    ...line(4.056, 5).map((a) => [a, (a - 2) / 3, 1, 0, 1, 0]),
    ...line(1, 3.732).map((c) => [0, 2, c, 0, 1, 0]),
    ...line(0, 1).map((a) => [a, 2 - a, 1, 0, 1, 0]),
  ],
  CONSTR: [
    ...line(7 / 18, 2 / 3, 20_001).map((x) => [x, 6 - 9 * x + 1e-12]),
    ...line(2 / 3, 1).map((x) => [x, 0]),
  ],
};

const feasibleOf = (one: AnalyticProblem, points: readonly (readonly number[])[]) =>
  points
    .map((point) => one.evaluate(point))
    .filter(({ constraints }) => constraints.every((value) => value <= 1e-9))
    .map(({ objectives }) => objectives);

describe('analytic problems', () => {
  it.each(Object.entries(reference.values))('%s has the values of the reference', (name, cases) => {
    for (const { x, f } of cases) {
      const { objectives } = problem(name).evaluate(x);
      expect(objectives).toHaveLength(f.length);
      for (const [i, value] of objectives.entries()) {
        const expected = f[i] as number;
        expect(Math.abs(value - expected)).toBeLessThan(
          reference.tolerance * Math.max(1, Math.abs(expected)),
        );
      }
    }
  });

  it.each(Object.entries(reference.minima))(
    '%s has the least value that SciPy finds',
    (name, { x, value }) => {
      const { optimum, evaluate } = problem(name);
      expect(evaluate(x).objectives[0]).toBeCloseTo(value, 9);
      expect(optimum).toBeCloseTo(value, 6);
    },
  );

  it.each(Object.entries(fronts))('%s has the stated greatest hypervolume', (name, points) => {
    const one = problem(name);
    const front = feasibleOf(one, points);
    expect(front.length).toBeGreaterThan(points.length / 10);
    for (const { point, most } of one.references) {
      // a staircase below the front: short by less than this
      expect(hypervolume(front, point) / most).toBeGreaterThan(0.999);
      expect(hypervolume(front, point) / most).toBeLessThan(1.001);
    }
  });

  it('DTLZ1, 2 and 5 of three objectives have the volume of their shapes', () => {
    const steps = line(0, 1, 61);
    const sheet = (rest: readonly number[]) =>
      steps.flatMap((a) => steps.map((b) => [a, b, ...rest]));
    const shareOf = (name: string, points: readonly (readonly number[])[]) => {
      const [first] = problem(name).references;
      return (
        hypervolume(feasibleOf(problem(name), points), first?.point ?? []) / (first?.most ?? 1)
      );
    };
    expect(
      shareOf(
        'DTLZ5(6,3)',
        line(0, 1, 401).map((a) => [a, ...halves(5)]),
      ),
    ).toBeCloseTo(1, 2);
    // a staircase of 61 steps along each side
    const few = sheet(halves(4)).filter((_, i) => i % 7 === 0);
    expect(shareOf('DTLZ2(6,3)', few)).toBeGreaterThan(0.93);
    expect(shareOf('DTLZ2(6,3)', few)).toBeLessThan(1);
    expect(
      shareOf(
        'DTLZ1(5,3)',
        sheet(halves(3)).filter((_, i) => i % 7 === 0),
      ),
    ).toBeCloseTo(1, 6);
  });

  it('has no random point beyond the front', () => {
    const random = createRandom(4);
    for (const one of analyticProblems.values()) {
      const space = new PointSpace(one);
      const points = Array.from({ length: 300 }, () =>
        space.fromUnit(one.variables.map(() => random.uniform())),
      );
      const found = points.map((point) => one.evaluate(point)).filter(isFeasible);
      for (const { point, most } of one.references) {
        const volume = hypervolume(
          found.slice(0, 60).map(({ objectives }) => objectives),
          point,
        );
        expect(volume, one.name).toBeLessThanOrEqual(most);
      }
      for (const { objectives } of found) {
        expect(objectives).toHaveLength(one.objectives);
        if (one.optimum !== undefined) expect(objectives[0]).toBeGreaterThanOrEqual(one.optimum);
      }
    }
  });

  it('is noisier at one end than at the other, where it is noisy', () => {
    const { noise, variables, evaluate } = problem('Ackley-10-noisy');
    const end = (side: number) => variables.map(() => side);
    expect(noise?.(end(32.768))).toBeCloseTo(2, 9);
    expect(noise?.(end(-32.768))).toBeCloseTo(0.1, 9);
    expect(evaluate(end(0)).objectives[0]).toBeCloseTo(0, 9);
  });
});

describe('hypervolume', () => {
  it.each(reference.volumes)(
    'is that of inclusion and exclusion: $volume',
    ({ points, reference: at, volume }) => {
      expect(hypervolume(points, at)).toBeCloseTo(volume, 9);
    },
  );
});
