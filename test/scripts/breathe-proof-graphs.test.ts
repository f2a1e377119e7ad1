import { describe, expect, it } from 'vitest';
import { graphContests } from '../../scripts/breathe-proof/graphs.ts';

describe.each(graphContests.map((contest) => [contest.head.problem, contest] as const))(
  'contest over candidates: %s',
  (problem, { head, methods, run }) => {
    it.each(['nsga2', 'tpe-weights'])(
      'gives shares for the same seed that never get worse: %s',
      (method) => {
        const found = run(method, 3);
        expect({ ...run(method, 3), queryS: 0 }).toEqual({ ...found, queryS: 0 });
        for (const { name } of head.measures) {
          const shares = found?.values[name] as readonly number[];
          expect(shares).toHaveLength(head.at.length);
          expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
          expect(shares.at(-1)).toBeGreaterThan(0.5);
          expect(shares.at(-1)).toBeLessThanOrEqual(1 + 1e-9);
        }
      },
    );

    it('has every search method, and BOSHCODE for pairs alone', () => {
      expect(methods).toContain('expected-hypervolume');
      expect(methods).toContain('boshcode-weights');
      if (problem === 'graphs') expect(run('boshcode-weights', 1)).toBeUndefined();
    });
  },
);
