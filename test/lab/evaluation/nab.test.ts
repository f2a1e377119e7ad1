import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { NAB_PROFILES, nabOracle, nabRaw, nabScore } from '../../../src/lab/evaluation/nab.ts';
import { segmentsOf } from '../../../src/lab/series/segments.ts';
import { golden } from '../../golden/read.ts';
import { labelsFrom } from './labels-from.ts';

type ProfileName = keyof typeof NAB_PROFILES;
const { nab, tolerance } = golden<{
  tolerance: { exact: number };
  nab: {
    files: { labels: string; scores: number[] }[];
    profiles: Record<ProfileName, { raw: number[]; score: number; oracle: number }>;
  };
}>('metrics.json');

const files = nab.files.map(({ labels, scores }) => ({
  windows: segmentsOf(labelsFrom(labels)),
  scores: Float64Array.from(scores),
}));
const close = (a: number | undefined, b: number): void =>
  expect(Math.abs((a ?? NaN) - b)).toBeLessThan(tolerance.exact);

describe('NAB score', () => {
  for (const name of Object.keys(NAB_PROFILES) as ProfileName[]) {
    it(`equals the restated formula: ${name}`, () => {
      const profile = NAB_PROFILES[name];
      const expected = nab.profiles[name];
      files.forEach((file, i) => {
        close(nabRaw(file, 1, profile), expected.raw[i] ?? NaN);
      });
      close(nabScore(files, 1, profile), expected.score);
      close(nabOracle(files, profile), expected.oracle);
    });
  }

  it('is 100 for one detection at the start of each window and 0 for none', () => {
    const file = { windows: [{ start: 50, end: 70 }], scores: new Float64Array(100) };
    expect(nabScore([file], 1, NAB_PROFILES.standard)).toBe(0);
    file.scores[50] = 1;
    expect(nabScore([file], 1, NAB_PROFILES.standard)).toBeCloseTo(100, 9);
  });

  it('does not count the probation rows', () => {
    const scores = new Float64Array(100).fill(0).fill(5, 0, 15);
    expect(nabRaw({ windows: [], scores }, 1, NAB_PROFILES.standard)).toBe(0);
    scores[15] = 5;
    expect(nabRaw({ windows: [], scores }, 1, NAB_PROFILES.standard)).toBeCloseTo(-0.11, 12);
  });

  it('is undefined without any window and refuses NaN scores', () => {
    expect(nabScore([], 1, NAB_PROFILES.standard)).toBeUndefined();
    const broken = { windows: [], scores: Float64Array.of(1, NaN) };
    expect(() => nabRaw(broken, 1, NAB_PROFILES.standard)).toThrow(ShapeError);
  });
});
