import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { flag, oracleF1, pointScores } from '../../../src/lab/evaluation/point.ts';
import { aucPr, aucRoc } from '../../../src/lab/evaluation/ranking.ts';
import { golden } from '../../golden/read.ts';
import { labelsFrom } from './labels-from.ts';

interface Case {
  readonly name: string;
  readonly labels: string;
  readonly scores: number[];
  readonly aucPr: number;
  readonly aucRoc: number;
  readonly oracleF1: number;
}
const reference = golden<{ tolerance: { exact: number }; ranking: Case[] }>('metrics.json');

const rows = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -5, max: 30 })), {
  minLength: 2,
  maxLength: 80,
});

describe('aucPr, aucRoc and oracleF1', () => {
  for (const { name, labels, scores, ...expected } of reference.ranking) {
    it(`equal scikit-learn: ${name}`, () => {
      const found = {
        aucPr: aucPr(labelsFrom(labels), Float64Array.from(scores)),
        aucRoc: aucRoc(labelsFrom(labels), Float64Array.from(scores)),
        oracleF1: oracleF1(labelsFrom(labels), Float64Array.from(scores))?.f1,
      };
      for (const key of ['aucPr', 'aucRoc', 'oracleF1'] as const) {
        expect(Math.abs((found[key] ?? NaN) - expected[key])).toBeLessThan(
          reference.tolerance.exact,
        );
      }
    });
  }

  it('do not change under strictly increasing transforms', () => {
    fc.assert(
      fc.property(rows, (series) => {
        const labels = Uint8Array.from(series, ([label]) => Number(label));
        const scores = Float64Array.from(series, ([, score]) => score);
        const moved = scores.map((score) => score ** 3 + 2);
        expect(aucPr(labels, moved)).toBe(aucPr(labels, scores));
        expect(aucRoc(labels, moved)).toBe(aucRoc(labels, scores));
        expect(oracleF1(labels, moved)?.f1).toBe(oracleF1(labels, scores)?.f1);
      }),
    );
  });

  it('give prevalence and one half to a constant score', () => {
    const labels = labelsFrom('0010010000');
    const scores = new Float64Array(10).fill(7);
    expect(aucPr(labels, scores)).toBeCloseTo(0.2, 12);
    expect(aucRoc(labels, scores)).toBeCloseTo(0.5, 12);
  });

  it('are undefined when one class is missing', () => {
    for (const digits of ['000', '111', '0', '1']) {
      const labels = labelsFrom(digits);
      const scores = Float64Array.from(labels, (_, row) => row);
      expect([aucPr(labels, scores), aucRoc(labels, scores), oracleF1(labels, scores)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it('refuse other lengths and NaN', () => {
    expect(() => aucPr(labelsFrom('01'), new Float64Array(3))).toThrow(ShapeError);
    expect(() => aucRoc(labelsFrom('01'), Float64Array.of(1, NaN))).toThrow(/not a number/);
  });
});

describe('oracleF1', () => {
  it('names a level at which the flagged rows have that F1', () => {
    fc.assert(
      fc.property(rows, (series) => {
        const labels = Uint8Array.from(series, ([label]) => Number(label));
        const scores = Float64Array.from(series, ([, score]) => score);
        const best = oracleF1(labels, scores);
        if (!best) return;
        const predicted = Uint8Array.from(scores, (score) => (score >= best.level ? 1 : 0));
        expect(pointScores(labels, predicted).f1).toBeCloseTo(best.f1, 12);
      }),
    );
  });
});

describe('pointScores', () => {
  it('counts rows strictly above the level', () => {
    const labels = labelsFrom('01100');
    const found = pointScores(labels, flag(Float64Array.of(1, 2, 3, 2.5, 0), 2));
    expect(found).toEqual({ precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
  });

  it('is 0 where nothing is flagged or labelled', () => {
    expect(pointScores(labelsFrom('010'), labelsFrom('000'))).toEqual({
      precision: 0,
      recall: 0,
      f1: 0,
    });
    expect(pointScores(labelsFrom('000'), labelsFrom('010'))).toEqual({
      precision: 0,
      recall: 0,
      f1: 0,
    });
  });
});
