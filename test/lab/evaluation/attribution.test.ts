import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import {
  attributionScores,
  type ExplainedSegment,
} from '../../../src/lab/evaluation/attribution.ts';
import { golden } from '../../golden/read.ts';

const { attribution, tolerance } = golden<{
  tolerance: { exact: number };
  attribution: {
    width: number;
    shares: number[];
    segments: ExplainedSegment[];
    expected: Record<'hit100' | 'hit150' | 'ndcg100' | 'ndcg150', number>;
  };
}>('metrics.json');

describe('attributionScores', () => {
  it('equals scikit-learn for NDCG and expected hits for ties', () => {
    const { width, shares, segments, expected } = attribution;
    const found = attributionScores(Float32Array.from(shares), width, segments);
    for (const key of ['hit100', 'hit150', 'ndcg100', 'ndcg150'] as const) {
      expect(Math.abs((found?.[key] ?? NaN) - expected[key])).toBeLessThan(tolerance.exact);
    }
  });

  it('is 1 when the guilty come first and 0 when they come last', () => {
    const segments = [{ start: 0, end: 1, channels: [1, 3] }];
    expect(attributionScores(Float32Array.of(0, 5, 1, 4), 4, segments)).toMatchObject({
      hit100: 1,
      ndcg100: 1,
      rows: 1,
    });
    expect(attributionScores(Float32Array.of(5, 0, 4, 1), 4, segments)).toMatchObject({
      hit100: 0,
      ndcg100: 0,
    });
  });

  it('gives chance to a detector that blames all channels alike', () => {
    const found = attributionScores(new Float32Array(8), 8, [
      { start: 0, end: 1, channels: [2, 5] },
    ]);
    expect(found?.hit100).toBeCloseTo(2 / 8, 12);
  });

  it('tells whether the first, and one of the first three, is guilty', () => {
    const segments = [{ start: 0, end: 1, channels: [1, 4] }];
    const judged = (...shares: number[]) =>
      attributionScores(Float32Array.from(shares), 5, segments);
    expect(judged(1, 5, 2, 3, 4)).toMatchObject({ hit1: 1, hit3: 1 });
    expect(judged(9, 5, 8, 1, 0)).toMatchObject({ hit1: 0, hit3: 1 });
    expect(judged(9, 0, 8, 7, 0)).toMatchObject({ hit1: 0, hit3: 0 });
    expect(judged(1, 1, 1, 1, 1)?.hit1).toBeCloseTo(2 / 5, 12);
  });

  it('is undefined without a guilty channel', () => {
    expect(attributionScores(new Float32Array(4), 4, [])).toBeUndefined();
    expect(
      attributionScores(new Float32Array(4), 4, [{ start: 0, end: 1, channels: [] }]),
    ).toBeUndefined();
  });

  it('refuses segments that do not fit, e.g. channels counted from 1', () => {
    const shares = new Float32Array(8);
    expect(() => attributionScores(shares, 4, [{ start: 0, end: 2, channels: [4] }])).toThrow(
      ShapeError,
    );
    expect(() => attributionScores(shares, 4, [{ start: 1, end: 3, channels: [0] }])).toThrow(
      /2 rows of 4/,
    );
  });
});
