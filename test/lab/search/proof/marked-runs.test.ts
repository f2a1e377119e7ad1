import { describe, expect, it } from 'vitest';
import { figuresAt, type MarkedRun } from '../../../../src/lab/search/proof/marked-runs.ts';

/** Eight seeds each, at two marks. */
function runsOf(method: string, valueAt: (seed: number) => readonly number[]): MarkedRun[] {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ({
    ...{ method, seed },
    values: { share: valueAt(seed) },
  }));
}

const runs = [
  ...runsOf('weak', (seed) => [0.1, 0.3 + seed / 100]),
  ...runsOf('ours', (seed) => [0.1, 0.6 + seed / 100]),
  ...runsOf('strong', (seed) => [0.1, 0.8 + seed / 100]),
  ...runsOf('even', (seed) => [0.1, 0.6 + (seed % 2 === 0 ? 0 : 2 * seed) / 100]),
  ...runsOf('ours-halved', (seed) => [0.1, 0.5 + seed / 100]),
];
const at = (place: number, better: 'more' | 'less' = 'more') =>
  new Map(
    figuresAt(runs, { name: 'share', better }, place, 'ours').map((one) => [one.method, one]),
  );

describe('figures at a mark', () => {
  it('puts ours first, with the median of each and its interval', () => {
    const figures = at(1);
    expect([...figures.keys()]).toEqual(['ours', 'weak', 'strong', 'even', 'ours-halved']);
    expect(figures.get('ours')?.versus).toBeUndefined();
    expect(figures.get('strong')?.runs).toBe(8);
    expect(figures.get('strong')?.interval.median).toBeCloseTo(0.845, 12);
  });

  it('tells ahead from behind, and neither from chance', () => {
    const verdicts = (better: 'more' | 'less') =>
      ['weak', 'strong', 'even', 'ours-halved'].map(
        (method) => at(1, better).get(method)?.versus?.verdict,
      );
    expect(verdicts('more')).toEqual(['ahead', 'behind', 'level', 'ahead']);
    expect(verdicts('less')).toEqual(['behind', 'ahead', 'level', 'behind']);
    expect(at(0).get('weak')?.versus).toMatchObject({ ahead: 0, behind: 0, verdict: 'level' });
  });

  it('corrects for the number of rivals, and for variants of ours among themselves', () => {
    const exact = 2 / 2 ** 8; // eight of eight seeds, two-sided
    const figures = at(1);
    expect(figures.get('weak')?.versus?.adjusted).toBeCloseTo(3 * exact, 12);
    expect(figures.get('ours-halved')?.versus?.adjusted).toBeCloseTo(exact, 12);
  });

  it('compares only seeds that both have', () => {
    const few = runs.filter(({ method, seed }) => method !== 'weak' || seed < 3);
    const [, weak] = figuresAt(few, { name: 'share', better: 'more' }, 1, 'ours');
    expect(weak).toMatchObject({ method: 'weak', runs: 2, versus: { ahead: 2, verdict: 'level' } });
    const alone = figuresAt(few.slice(0, 2), { name: 'share', better: 'more' }, 1, 'ours');
    expect(alone.map(({ versus }) => versus)).toEqual([undefined]);
  });
});
