import { describe, expect, it } from 'vitest';
import { hypervolume } from '../../../../src/lab/search/front.ts';
import type { Evaluated } from '../../../../src/lab/search/points/contract.ts';
import { fittest, nsga2Points } from '../../../../src/lab/search/points/nsga2-points.ts';
import { bnh } from '../../../../src/lab/search/problems/constrained.ts';
import { zdt1 } from '../../../../src/lab/search/problems/zdt.ts';

const one = (name: number, objectives: number[], constraints: number[]): Evaluated => ({
  ...{ point: [name], objectives, constraints },
  runs: [{ objectives, constraints }],
});

describe('nsga2 over points', () => {
  it('ranks feasible points by front and isolation, and others behind them by violation', () => {
    const some = [
      one(0, [0, 0], [2, 0]),
      one(1, [5, 1], [-1, 0]),
      one(2, [0, 0], [0, 8]),
      one(3, [1, 5], [0, 0]),
      one(4, [6, 6], [0, 0]),
      one(5, [0, 0], [1, 1]),
      one(6, [2, 4.9], [0, 0]),
    ];
    const names = fittest(some, 7).map(({ point }) => point[0]);
    expect(names.slice(0, 2).toSorted()).toEqual([1, 3]); // ends of the front
    expect(names.slice(2)).toEqual([6, 4, 5, 0, 2]);
    expect(fittest(some, 3)).toHaveLength(3);
  });

  it.each([zdt1(5), bnh])('comes near the front with many evaluations: $name', (problem) => {
    const search = nsga2Points.start(problem, nsga2Points.options.parse({ population: 40 }), 1);
    for (let evaluations = 0; evaluations < 4000; ) {
      for (const { point } of search.propose(40)) {
        search.tell({ point, runs: [problem.evaluate(point)] });
        evaluations++;
      }
    }
    for (const { point, most } of problem.references) {
      const front = search.archive.map(({ objectives }) => objectives);
      expect(hypervolume(front, point) / most).toBeGreaterThan(0.95);
    }
  });
});
