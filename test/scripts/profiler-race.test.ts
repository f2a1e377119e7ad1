import { describe, expect, it } from 'vitest';
import { raceSection } from '../../scripts/profiler/page/profiler.ts';
import {
  bestStrategy,
  CHOSEN_ON,
  type RaceRow,
  raceRows,
} from '../../scripts/profiler/race-table.ts';
import { curveOf, rowsFor, STRATEGIES } from '../../scripts/profiler/rows-needed.ts';
import { createRandom } from '../../src/engine/random.ts';
import { randomForest } from '../../src/engine/regression/tree-ensembles.ts';

const random = createRandom(1);
const points = { values: Float64Array.from({ length: 160 }, () => random.uniform()), width: 2 };
const y = Float64Array.from({ length: 80 }, (_, i) => 1 + (points.values[2 * i] as number));
const learn = randomForest({ trees: 5, leafPoints: 1, share: 1 });
const race = { points, values: [y], learn };

const row = (device: string, doubt: number, cover: number): RaceRow => ({
  ...{ device, mark: 'half', error: 0.01, seeds: 3 },
  needed: {
    doubt: { rows: doubt, reached: 3 },
    cover: { rows: cover, reached: 2 },
    random: { rows: 100, reached: 1 },
  },
});

describe('the rows that a profile needs', () => {
  it('are counted to the end, with the same rows held out for each way to choose them', () => {
    const curves = STRATEGIES.map((strategy) => curveOf(race, strategy, 1));
    for (const curve of curves) {
      expect(curve.map(([rows]) => rows)).toEqual([16, 22, 28, 34, 40, 46, 52, 58, 60]);
    }
    // With all of them learnt from, it no longer matters in which order: but for the trees' own draws.
    const ends = curves.map((curve) => curve.at(-1)?.[1] ?? 1);
    expect(Math.max(...ends)).toBeLessThan(0.01);
    const [first] = curves;
    expect(rowsFor(1, first ?? [])).toBe(16);
    expect(rowsFor(0, first ?? [])).toBeUndefined();
  });

  it('are the same for the same seeds, and no more than there are', () => {
    const rows = raceRows('toy', race, 2);
    expect(raceRows('toy', race, 2)).toEqual(rows);
    expect(rows.map(({ mark }) => mark)).toEqual(['protran', 'half']);
    for (const { needed } of rows) {
      for (const strategy of STRATEGIES) expect(needed[strategy].rows).toBeLessThanOrEqual(60);
    }
  });

  it('choose the way to take them on two devices, whatever it needs on the others', () => {
    const [one = '', other = ''] = CHOSEN_ON;
    const rows = [row(one, 60, 50), row(other, 70, 90), row('elsewhere', 90, 10)];
    expect(bestStrategy(rows)).toBe('doubt');
    expect(bestStrategy([row('elsewhere', 1, 2)])).toBeUndefined();
    const text = raceSection({ command: 'x', rows });
    expect(text).toContain('`doubt` has the lesser mean share');
    expect(text).toContain(
      `| ${one} | yes | half | 0.010 | 60 (3/3, 60 %) | 50 (2/3, 50 %) | 100 (1/3) |`,
    );
    expect(text).toContain('| elsewhere |  | half |');
  });
});
