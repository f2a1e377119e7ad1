import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrontHistory } from '../../../../src/lab/search/breathe/front-history.ts';
import type { Outcome } from '../../../../src/lab/search/contract.ts';

function told(...outcomes: readonly Outcome[]): FrontHistory {
  const history = new FrontHistory();
  for (const outcome of outcomes) {
    history.ask({ candidate: outcome.candidate, reason: 'acquisition' });
    history.tell(outcome);
  }
  return history;
}

const archiveOf = ({ archive }: FrontHistory) => archive.map(({ point }) => point[0]);

const outcome = fc.record({
  candidate: fc.nat(7),
  values: fc.constantFrom([], [1], [1, 1]),
  objectives: fc.tuple(fc.nat(5), fc.nat(5)),
  constraints: fc.tuple(fc.integer({ min: -3, max: 1 })),
});

const meanOf = (numbers: readonly number[]) =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

describe('the archive of a search for a front', () => {
  it('never holds a candidate that is dominated or infeasible, and lacks none that is neither', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 25 }), (outcomes) => {
        const history = told(
          ...outcomes.map(({ objectives, ...one }) =>
            one.values.length > 0 ? { ...one, objectives } : one,
          ),
        );
        const means = [...new Set(outcomes.map(({ candidate }) => candidate))].map((candidate) => {
          const same = outcomes.filter((one) => one.candidate === candidate);
          const whole = same.filter(({ values }) => values.length > 0);
          const at = (i: number) => meanOf(whole.map(({ objectives }) => objectives[i] as number));
          const kept = meanOf(whole.map(({ constraints }) => constraints[0])) <= 0;
          return { candidate, feasible: whole.length === same.length && kept, at: [at(0), at(1)] };
        });
        const feasible = means.filter((one) => one.feasible);
        const best = feasible.filter(
          ({ at: [a = 0, b = 0] }) =>
            !feasible.some(({ at: [c = 0, d = 0] }) => c <= a && d <= b && (c < a || d < b)),
        );
        expect(archiveOf(history).toSorted()).toEqual(best.map((one) => one.candidate).toSorted());
      }),
    );
  });

  it('learns from what breaks a limit by how much, and objectives once three have them', () => {
    const broken = [0, 1, 2].map((candidate) => ({
      ...{ candidate, values: [], constraints: [candidate + 1] },
    }));
    const history = told(...broken, { candidate: 3, values: [] });
    expect(history.known).toEqual([0, 1, 2]);
    expect(history.broken.map(({ constraints }) => constraints)).toEqual([[1], [2], [3]]);
    expect([history.objectives, archiveOf(history)]).toEqual([0, []]);
    const good = [4, 5, 6].map((candidate) => ({
      ...{ candidate, values: [0.5], objectives: [candidate, 1 - candidate], constraints: [-1] },
    }));
    const later = told(...broken, ...good);
    expect(later.objectives).toBe(2);
    expect(archiveOf(later)).toEqual([4, 5, 6]);
    expect([later.isFresh(0), later.isFresh(7)]).toEqual([false, true]);
  });

  it('takes each value as a run of one objective where no objectives are told', () => {
    const history = told({ candidate: 2, values: [0.25, 0.75] });
    expect(history.runs.map(({ objectives }) => objectives)).toEqual([[-0.25], [-0.75]]);
    expect(history.archive[0]?.objectives).toEqual([-0.5]);
  });

  it.each([
    ['another number of objectives', { values: [1], objectives: [1], constraints: [0] }],
    ['another number of constraints', { values: [1], objectives: [1, 2] }],
    ['what is not finite', { values: [1], objectives: [1, Number.NaN], constraints: [0] }],
  ])('refuses %s', (_, other) => {
    const first = { candidate: 0, values: [1], objectives: [1, 2], constraints: [-1] };
    expect(() => told(first, { candidate: 1, ...other })).toThrow(RangeError);
  });
});
