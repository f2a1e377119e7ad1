import { describe, expect, it } from 'vitest';
import { hypervolume } from '../../../../src/lab/search/front.ts';
import { pointMethods } from '../../../../src/lab/search/points/index.ts';
import { gridOf } from '../../../../src/lab/search/points/moead.ts';
import { bnh } from '../../../../src/lab/search/problems/constrained.ts';
import type { AnalyticProblem } from '../../../../src/lab/search/problems/problem.ts';
import { branin } from '../../../../src/lab/search/problems/single.ts';

/** The front after `budget` evaluations. */
function frontOf(kind: string, options: object, problem: AnalyticProblem, budget: number) {
  const method = pointMethods.get(kind);
  if (!method) throw new RangeError(`there is no method ${kind}`);
  const search = method.start(problem, method.options.parse(options), 1);
  for (let i = 0; i < budget; i++) {
    for (const { point } of search.propose(1)) {
      search.tell({ point, runs: [problem.evaluate(point)] });
    }
  }
  return search.archive.map(({ objectives }) => objectives);
}

describe('searches for several objectives', () => {
  const [reference] = bnh.references;
  const shareOf = (kind: string, options: object, budget: number) =>
    hypervolume(frontOf(kind, options, bnh, budget), reference?.point ?? []) /
    (reference?.most ?? 1);

  it('come nearer to a front under constraints than even points do', () => {
    const even = shareOf('sobol', {}, 30);
    expect(shareOf('ehvi', { pool: 60 }, 30)).toBeGreaterThan(even);
    const cheaper = { population: 12, generations: 8 };
    expect(shareOf('mobopt', cheaper, 30)).toBeGreaterThan(even);
    expect(shareOf('moead', {}, 600)).toBeGreaterThan(0.98);
  });

  it('spread the weights of a decomposition evenly over all directions', () => {
    expect(gridOf(2, 5)).toEqual([0, 0.25, 0.5, 0.75, 1].map((w) => [w, 1 - w]));
    const three = gridOf(3, 20);
    expect(three).toHaveLength(15);
    for (const weights of three) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
    expect(gridOf(1, 3)).toEqual([[1], [1], [1]]);
  });
});

describe('searches for one objective', () => {
  it.each([
    ['random-forest', { pool: 60 }],
    ['boosted-trees', { pool: 60 }],
    ['tpe', {}],
  ] as const)('%s finds a lower value than most of as many drawn points are', (kind, options) => {
    const values = (front: readonly (readonly number[])[]) => front.map(([value = 0]) => value);
    const found = Math.min(...values(frontOf(kind, options, branin, 40)));
    expect(found - (branin.optimum ?? 0)).toBeLessThan(3);
  });
});
