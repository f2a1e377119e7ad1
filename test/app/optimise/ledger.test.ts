import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/app/optimise/ledger.ts';
import { problemFrom } from '../../../src/app/optimise/problem.ts';
import { problemSchema } from '../../../src/app/optimise/problem-schema.ts';

const problem = problemFrom(
  problemSchema.parse({
    variables: { n: { kind: 'integer', least: 0, most: 9 } },
    command: ['a', '{n}'],
    objectives: { cost: { path: 'cost' }, worth: { path: 'worth', better: 'higher' } },
    constraints: { size: { path: 'size', most: 5 }, speed: { path: 'speed', least: 2 } },
    reference: { cost: 10, worth: 0 },
  }),
);

const done = (number: number, n: number, runs: Record<string, number>[], failure?: string) => ({
  ...{ done: number, point: [n], reason: 'random', runs, seconds: 1 },
  ...(failure !== undefined && { failure }),
});

const run = (cost: number, worth: number, size = 1, speed = 3) => ({ cost, worth, size, speed });

describe('a ledger', () => {
  it('has the front of means, which a repetition may leave again', () => {
    const ledger = new Ledger(problem);
    ledger.add(done(0, 1, [run(2, 4)]));
    ledger.add(done(1, 2, [run(3, 3)]));
    expect(ledger.front.map(({ evaluation }) => evaluation)).toEqual([1]);
    expect(ledger.hypervolume).toBe(8 * 4);
    const again = ledger.add(done(2, 1, [run(8, 1), run(8, 1)]));
    expect(again.metrics).toEqual(run(6, 2));
    expect(ledger.front.map(({ evaluation }) => evaluation)).toEqual([2]);
    expect(ledger.hypervolume).toBe(7 * 3);
  });

  it('has no failed and no infeasible point on the front, and says how near the nearest is', () => {
    const ledger = new Ledger(problem);
    ledger.add(done(0, 1, [run(1, 9, 5.5, 1)]));
    ledger.add(done(1, 2, [run(1, 9, 7, 2)]));
    ledger.add(done(2, 3, [run(1, 9)], 'it ended'));
    expect(ledger.front).toEqual([]);
    expect(ledger.hypervolume).toBe(0);
    expect(ledger.nearest).toEqual({ evaluation: 2, misses: [{ name: 'size', by: 2 }] });
  });

  it('has the same front in whichever order evaluations come', () => {
    const entries = fc.array(
      fc.record({ n: fc.nat(9), cost: fc.nat(6), worth: fc.nat(6), size: fc.nat(6) }),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(entries, (some) => {
        const frontOf = (order: typeof some) => {
          const ledger = new Ledger(problem);
          for (const [i, { n, cost, worth, size }] of order.entries()) {
            ledger.add(done(i, n, [run(cost, worth, size)]));
          }
          return ledger.front.map(({ settings }) => settings['n']).toSorted();
        };
        expect(frontOf(some)).toEqual(frontOf(some.toReversed()));
      }),
    );
  });
});
