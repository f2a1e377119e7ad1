import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CurvePoint, readPoints, writePoints } from '../../scripts/dynamo/point.ts';
import { summarise } from '../../scripts/dynamo/summary.ts';

const folder = mkdtempSync(join(tmpdir(), 'dynamo-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pointOf(given: Partial<CurvePoint>): CurvePoint {
  return {
    series: 'S/a',
    seed: 1,
    variant: 'tokens',
    policy: 'plain',
    setting: 1,
    rowsPerRun: 1,
    forcedReruns: null,
    nll: null,
    vusPr: 0.5,
    delays: [],
    falseRows: 0,
    ...given,
  };
}

describe('what points of a data set come to', () => {
  it('is told segment by segment beside a run a row of the same series and seed', () => {
    const base = [
      pointOf({ delays: [3, null, 2, 4] }),
      pointOf({ series: 'S/b', delays: [0, 1] }),
      pointOf({ seed: 2, delays: [9, 9, 9, 9] }),
    ];
    const points = [
      pointOf({ delays: [5, 7, null, 4], falseRows: 2 }),
      pointOf({ series: 'S/b', delays: [0, 0], falseRows: 1 }),
    ];
    expect(summarise(points, base)).toMatchObject({
      caught: 5,
      segments: 6,
      falseRows: 3,
      shifts: [2, 0, 0, -1],
      won: 1,
      lost: 1,
    });
  });

  it('needs a run a row to compare with', () => {
    const other = pointOf({ seed: 2 });
    expect(() => summarise([pointOf({})], [other])).toThrow('no run a row on S/a with seed 1');
  });

  it('is a mean over series of each seed, and the deviation between seeds', () => {
    const points = [
      pointOf({ vusPr: 0.25 }),
      pointOf({ series: 'S/b', vusPr: 0.75 }),
      pointOf({ seed: 2, vusPr: 0.75 }),
      // Without labels there is no area.
      pointOf({ series: 'S/b', seed: 2, vusPr: null }),
    ];
    expect(summarise(points, points)).toMatchObject({ area: 0.625, deviation: 0.125 });
  });

  it('counts runs, not ratios', () => {
    const points = [pointOf({ rowsPerRun: 1 }), pointOf({ series: 'S/b', rowsPerRun: 3 })];
    expect(summarise(points, points).rowsPerRun).toBeCloseTo(1.5, 12);
  });
});

describe('files of points', () => {
  it('keep counts and shorten figures', () => {
    const file = join(folder, 'curves', 'dynamo-S.json');
    expect(readPoints(file)).toEqual([]);
    const point = pointOf({ vusPr: 0.123456789, delays: [12, null] });
    writePoints(file, [point, point]);
    const kept = { ...point, vusPr: 0.12346 };
    expect(readPoints(file)).toEqual([kept, kept]);
  });
});
