import { describe, expect, it } from 'vitest';
import { comparisonText } from '../../../src/app/evaluate/comparison-text.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { compareOn } from '../../../src/lab/comparing/comparison.ts';
import {
  confusionOf,
  NORMAL,
  rightAnswers,
  type Trial,
} from '../../../src/lab/comparing/observer.ts';
import { contestantOf } from '../../../src/lab/judging/contestants.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { labelsOf } from '../../../src/lab/series/segments.ts';
import { ordinarySeries } from '../../contracts/planted.ts';

const TRAIN = 1800;

/** Level shifts of one channel, and noise in another, in turn: each simple detector is blind to one of them. */
function troubled(id: string, seed: number): LabelledSeries {
  const test = ordinarySeries(3000, seed, TRAIN * 1000);
  const segments = Array.from({ length: 36 }, (_, i) => ({
    start: 40 + i * 80,
    end: 60 + i * 80,
    kind: i % 2 === 0 ? 'shift' : 'noise',
  }));
  const add = (row: number, channel: number, by: number): void => {
    test.values[row * 3 + channel] = (test.values[row * 3 + channel] ?? Number.NaN) + by;
  };
  for (const { start, end, kind } of segments) {
    for (let row = start; row < end; row++) {
      if (kind === 'shift') add(row, 2, 0.25);
      else add(row, 0, row % 2 === 0 ? 9 : -9);
    }
  }
  const labels = labelsOf(segments, 3000);
  return { id, train: ordinarySeries(TRAIN, seed + 100), test, labels, segments, intervalMs: 1000 };
}

const context = { kernels: plainKernels, seed: 1, signal: new AbortController().signal };
const settings = { size: 10, falseRate: 0.02 };

describe('compareOn', () => {
  it('says of a detector and itself that it only repeats its errors', async () => {
    const pair = [contestantOf('first-difference'), contestantOf('first-difference')] as const;
    const found = await compareOn([troubled('a', 1)], pair, settings, context);
    expect(found?.kappa).toBeCloseTo(1, 12);
    expect([found?.bMendsA, found?.aMendsB]).toEqual([0, 0]);
    expect(found?.errorsA).toBeGreaterThan(20);
    expect(found?.shapeBias.a?.trials).toBeGreaterThan(20);
    expect(found?.shapeBias.b, 'the same contradictory windows').toEqual(found?.shapeBias.a);
    expect(found && comparisonText('x', 'y', found)).toMatch(
      /y errs with x more often than chance allows/,
    );
  });

  it('finds that a detector of levels mends what a detector of steps does not see', async () => {
    const pair = [contestantOf('first-difference'), contestantOf('range-count')] as const;
    const found = await compareOn([troubled('a', 1), troubled('b', 2)], pair, settings, context);
    expect(found?.series).toEqual(['a', 'b']);
    expect(found?.kinds).toEqual([NORMAL, 'shift', 'noise']);
    expect(found?.bMendsA).toBeGreaterThan(0.3);
    expect(found?.kappa).toBeLessThan(0.7);
  });

  it('leaves out series without enough normal rows for a level', async () => {
    const short = { ...troubled('short', 3), train: ordinarySeries(300, 9) };
    const pair = [contestantOf('pca'), contestantOf('range-count')] as const;
    expect(await compareOn([short], pair, settings, context)).toBeUndefined();
    const found = await compareOn([short, troubled('a', 1)], pair, settings, context);
    expect(found?.skipped).toEqual(['short']);
  });
});

describe('observers', () => {
  const trials: readonly Trial[] = [
    { kind: NORMAL, segment: undefined },
    { kind: 'x', segment: 's#0' },
    { kind: 'x', segment: 's#1' },
    { kind: 'y', segment: 's#2' },
    { kind: 'y', segment: 's#3' },
  ];
  const signatures = [
    [0.5, 0.5],
    [0.9, 0.1],
    [0.8, 0.2],
    [0.1, 0.9],
    [0.2, 0.8],
  ].map((row) => Float64Array.from(row));

  it('are right when they ring on an anomaly or keep silent on none', () => {
    expect([...rightAnswers(trials, Uint8Array.of(0, 1, 0, 1, 0))]).toEqual([1, 1, 0, 1, 0]);
  });

  it('answer the kind whose other segments they blame alike, and normal when silent', () => {
    const matrix = confusionOf(trials, { rang: Uint8Array.of(1, 1, 1, 1, 0), signatures }, [
      NORMAL,
      'x',
      'y',
    ]);
    expect(matrix[1]).toEqual([0, 2, 0]);
    expect(matrix[2]).toEqual([1, 0, 1]);
    expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(5);
  });
});
