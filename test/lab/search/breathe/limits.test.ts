import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { acquired } from '../../../../src/lab/search/breathe/acquired.ts';
import { breathe } from '../../../../src/lab/search/breathe/breathe.ts';
import { settledAtLimits } from '../../../../src/lab/search/breathe/limits.ts';
import type { Outputs } from '../../../../src/lab/search/breathe/surrogates.ts';
import { hypervolume } from '../../../../src/lab/search/front.ts';
import type { Point } from '../../../../src/lab/search/points/contract.ts';
import { PointHistory } from '../../../../src/lab/search/points/history.ts';
import type { Scalar } from '../../../../src/lab/search/points/scalar.ts';
import { type PointSpace, unitSampler } from '../../../../src/lab/search/points/space.ts';
import { constr, tnk } from '../../../../src/lab/search/problems/constrained.ts';
import type { AnalyticProblem } from '../../../../src/lab/search/problems/problem.ts';

/** Surrogates that know the problem itself: what is missed then is missed by the climbs. */
function knowing(problem: AnalyticProblem, space: PointSpace): Outputs {
  const at = (coordinates: Float64Array): readonly number[] => {
    const { objectives, constraints } = problem.evaluate(space.snap(coordinates));
    return [...objectives, ...constraints];
  };
  const rowsOf = (values: Float64Array) =>
    Array.from({ length: values.length / space.width }, (_, row) =>
      values.subarray(row * space.width, (row + 1) * space.width),
    );
  return {
    optimistic: ({ values }) => rowsOf(values).map(at),
    uncertainty: ({ values }) => new Float64Array(values.length / space.width),
    predicted: ({ values }) => {
      const rows = rowsOf(values).map(at);
      return (rows[0] ?? []).map((_, output) => ({
        mean: Float64Array.from(rows, (row) => row[output] as number),
        deviation: new Float64Array(rows.length),
      }));
    },
    scalar(scalars) {
      const weights = new Float64Array(scalars.length * space.width);
      const gradients = new Float64Array(weights.length);
      return { weights, gradients, gradient: () => slopesInto(gradients, weights, scalars) };
    },
  };

  /** By central differences of the outputs. */
  function slopesInto(
    gradients: Float64Array,
    weights: Float64Array,
    scalars: readonly Scalar[],
  ): void {
    const step = 1e-6;
    for (const [row, here] of rowsOf(weights).entries()) {
      const slopes = (scalars[row] as Scalar).slopes(at(here));
      for (let e = 0; e < space.width; e++) {
        const [up, down] = [step, -step].map((by) => at(here.with(e, (here[e] as number) + by)));
        gradients[row * space.width + e] = slopes.reduce(
          (sum, slope, k) =>
            sum + (slope * ((up?.[k] as number) - (down?.[k] as number))) / (2 * step),
          0,
        );
      }
    }
  }
}

/** Share of the greatest hypervolume after these points of a sequence and proposals of climbs on the problem itself. */
function reached(problem: AnalyticProblem, first: number, proposals: number): number {
  const random = createRandom(3);
  const history = new PointHistory(problem, random);
  const draw = unitSampler(problem.variables.length, random);
  const drawn = (count: number) =>
    Array.from({ length: count }, () => history.space.fromUnit(draw()));
  const outputs = knowing(problem, history.space);
  const asking = { history, options: breathe.options.parse({}), random, drawn };
  for (let i = 0; i < first + proposals; i++) {
    const point = (i < first ? undefined : acquired(asking, outputs)) ?? history.drawFresh() ?? [];
    history.ask({ point, reason: 'acquisition' });
    history.tell({ point, runs: [problem.evaluate(point)] });
  }
  const [near] = problem.references;
  const front = history.archive.map(({ objectives }) => objectives);
  return hypervolume(front, near?.point ?? []) / (near?.most ?? 1);
}

describe('climbs under constraints', () => {
  // With climbs alone .79 and .68 of it.
  it.each([
    { problem: tnk, least: 0.92 },
    { problem: constr, least: 0.8 },
  ])('come to rest at the limit where the front of $problem.name lies (#22)', (one) => {
    expect(reached(one.problem, 12, 20)).toBeGreaterThan(one.least);
  });

  it('settle beside the better one of start and end, as near to the limit as trials get', () => {
    const { space } = new PointHistory(tnk, createRandom(1));
    const valueAt = ([x = 0, y = 0]: Point) =>
      x + y + 30 * Math.max(0, 1 - x) + 30 * Math.max(0, 2 - y);
    const valuesAt = (groups: readonly (readonly Point[])[]) =>
      groups.map((group) => group.map(valueAt));
    const starts = [
      [3, 3],
      [1.1, 2.1],
    ];
    const ends = [
      [0.5, 1],
      [0, 0],
    ];
    const found = settledAtLimits(space, { starts, ends, valuesAt }, createRandom(2));
    const settled = found.map(valueAt);
    expect(settled[0]).toBeLessThan(3.5);
    expect(settled[1]).toBeLessThan(3.1);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(3);
  });
});
