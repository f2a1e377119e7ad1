import { describe, expect, it } from 'vitest';
import { NAB_PROFILES, nabRaw, nabScore } from '../../../src/lab/evaluation/nab.ts';
import { openingFigures, openingTable } from '../../../src/lab/evaluation/opening-table.ts';
import type { ResultRow } from '../../../src/lab/evaluation/result-row.ts';

const row = (series: string, seed: number, figures: Partial<ResultRow>): ResultRow => ({
  ...{ dataset: 'SMD', series, detector: 'gon', seed, rows: 100, prevalence: 0.1 },
  ...figures,
});
const a = { openingEvents: 3, openingsCaught: 2, openingsFalse: 4, hindsightCaught: 3, days: 2 };
const b = { openingEvents: 1, openingsCaught: 1, openingsFalse: 0, hindsightCaught: 1, days: 3 };

describe('openingFigures', () => {
  it('adds up over series, so that each event weighs the same', () => {
    expect(
      openingFigures([row('a', 1, a), row('b', 1, b), row('c', 1, { error: 'short' })]),
    ).toMatchObject({ recall: 0.75, precision: 3 / 7, falseAlarms: 4, days: 5, ofBound: 0.75 });
  });

  it('gives the score of the corpus that NAB gives', () => {
    const files = [
      { windows: [{ start: 10, end: 30 }], scores: new Float64Array(60), probation: 0 },
      { windows: [{ start: 5, end: 9 }], scores: new Float64Array(40), probation: 0 },
    ];
    files[0]?.scores.fill(1, 12, 13);
    files[1]?.scores.fill(1, 30, 31);
    const rows = files.map((file, i) =>
      row(String(i), 1, {
        openingEvents: 1,
        nabOpenings: nabRaw(file, 1, NAB_PROFILES.standard),
      }),
    );
    const whole = nabScore(files, 1, NAB_PROFILES.standard);
    expect(openingFigures(rows)?.nab).toBeCloseTo(whole as number, 10);
  });
});

describe('openingTable', () => {
  it('tells the spread over seeds', () => {
    const rows = [row('a', 1, a), row('a', 2, { ...a, openingsCaught: 3, openingsFalse: 2 })];
    expect(openingTable(rows, 'SMD', 'markdown')?.split('\n')[2]).toMatch(
      /^\| gon \| 0\.83 ±0\.17 \| 1\.50 ±0\.50 \| /,
    );
  });

  it('counts false alarms in all where there is less than a day', () => {
    const rows = [row('a', 1, { ...a, days: 0.01 })];
    expect(openingTable(rows, 'SMD', 'markdown')).toContain('| 0.67 | 4.0 in all | 0.33 | 0.67 |');
  });

  it('does not exist of rows without such figures', () => {
    expect(openingTable([row('a', 1, {})], 'SMD', 'markdown')).toBeUndefined();
  });
});
