import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { affiliation } from '../../../src/lab/evaluation/affiliation.ts';
import { compositeF1 } from '../../../src/lab/evaluation/events.ts';
import { pointScores } from '../../../src/lab/evaluation/point.ts';
import {
  oraclePointAdjusted,
  oraclePointAdjustedArea,
  pointAdjusted,
  pointAdjustedArea,
} from '../../../src/lab/evaluation/point-adjust.ts';
import { type RangeOptions, rangeScores } from '../../../src/lab/evaluation/range.ts';
import { golden } from '../../golden/read.ts';
import { labelsFrom } from './labels-from.ts';

interface Case {
  readonly name: string;
  readonly labels: string;
  readonly predicted: string;
  readonly point: [number, number, number];
  readonly adjusted: number[];
  readonly composite: number;
  readonly range: Record<string, [number, number]>;
  readonly affiliation: [number, number];
}
interface RankingCase {
  readonly name: string;
  readonly labels: string;
  readonly scores: number[];
  readonly oracleAdjusted: number[] | null;
}
const reference = golden<{
  tolerance: { exact: number };
  prediction: Case[];
  ranking: RankingCase[];
}>('metrics.json');
const { exact } = reference.tolerance;

function expectClose(found: number | undefined, expected: number | undefined): void {
  expect(Math.abs((found ?? NaN) - (expected ?? NaN))).toBeLessThan(exact);
}

const pairs = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 90 });
const split = (rows: readonly (readonly [boolean, boolean])[]): [Uint8Array, Uint8Array] => [
  Uint8Array.from(rows, ([label]) => Number(label)),
  Uint8Array.from(rows, ([, flagged]) => Number(flagged)),
];

describe.each(reference.prediction)('metrics of predictions: $name', (c) => {
  const labels = labelsFrom(c.labels);
  const predicted = labelsFrom(c.predicted);

  it('equal scikit-learn row by row', () => {
    const found = pointScores(labels, predicted);
    expectClose(found.precision, c.point[0]);
    expectClose(found.recall, c.point[1]);
    expectClose(found.f1, c.point[2]);
  });

  it('equal the restated point adjustment at each K, and its area', () => {
    c.adjusted.forEach((f1, i) => {
      expectClose(pointAdjusted(labels, predicted, i * 10).f1, f1);
    });
    const area = c.adjusted
      .slice(1)
      .reduce((sum, f1, i) => sum + (f1 + (c.adjusted[i] ?? NaN)) / 20, 0);
    expectClose(pointAdjustedArea(labels, predicted), area);
  });

  it('equal the restated composite F1, range and affiliation scores', () => {
    expectClose(compositeF1(labels, predicted), c.composite);
    for (const [key, [precision, recall]] of Object.entries(c.range)) {
      const [bias, alpha, cardinality] = key.split(' ');
      const options = { bias, alpha: Number(alpha), cardinality } as RangeOptions;
      const found = rangeScores(labels, predicted, options);
      expectClose(found.precision, precision);
      expectClose(found.recall, recall);
    }
    const near = affiliation(labels, predicted);
    expectClose(near?.precision, c.affiliation[0]);
    expectClose(near?.recall, c.affiliation[1]);
  });
});

describe('oraclePointAdjusted', () => {
  for (const { name, labels, scores, oracleAdjusted } of reference.ranking) {
    if (!oracleAdjusted) continue;
    it(`equals trying every level: ${name}`, () => {
      [0, 30, 100].forEach((percent, i) => {
        const found = oraclePointAdjusted(labelsFrom(labels), Float64Array.from(scores), percent);
        expectClose(found, oracleAdjusted[i]);
      });
    });
  }

  it('is undefined without both kinds of rows, its area too', () => {
    expect(oraclePointAdjusted(labelsFrom('000'), Float64Array.of(1, 2, 3), 0)).toBeUndefined();
    expect(oraclePointAdjustedArea(labelsFrom('11'), Float64Array.of(1, 2))).toBeUndefined();
  });

  it('calls a random score excellent where segments are long, which is why it is not the measure', () => {
    const labels = new Uint8Array(4000);
    labels.fill(1, 1000, 1600);
    const scores = Float64Array.from(labels, (_, row) => (row * 7919) % 4001);
    expect(oraclePointAdjusted(labels, scores, 0)).toBeGreaterThan(0.95);
    expect(oraclePointAdjusted(labels, scores, 100)).toBeLessThan(0.3);
  });
});

describe('laws of metrics of predictions', () => {
  it('PA%K never rises with K', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [labels, predicted] = split(rows);
        let before = Infinity;
        for (let percent = 0; percent <= 100; percent += 10) {
          const { f1 } = pointAdjusted(labels, predicted, percent);
          expect(f1).toBeLessThanOrEqual(before);
          before = f1;
        }
        expect(before).toBe(pointScores(labels, predicted).f1);
      }),
    );
  });

  it('the truth itself scores 1 in all of them', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [labels] = split(rows);
        if (!labels.includes(1)) return;
        expect(rangeScores(labels, labels).f1).toBeCloseTo(1, 12);
        expect(affiliation(labels, labels)?.f1).toBeCloseTo(1, 12);
        expect(compositeF1(labels, labels)).toBe(1);
        expect(pointAdjustedArea(labels, labels)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('range and affiliation scores stay within 0 and 1', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [labels, predicted] = split(rows);
        const both = [rangeScores(labels, predicted), affiliation(labels, predicted)];
        for (const found of both) {
          if (!found) continue;
          expect(Math.min(found.precision, found.recall, found.f1)).toBeGreaterThanOrEqual(0);
          expect(Math.max(found.precision, found.recall, found.f1)).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it('are 0 where nothing is flagged, and affiliation undefined where nothing is labelled', () => {
    const none = labelsFrom('0000');
    expect(compositeF1(labelsFrom('0110'), none)).toBe(0);
    expect(rangeScores(labelsFrom('0110'), none)).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(affiliation(labelsFrom('0110'), none)).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(affiliation(none, labelsFrom('0110'))).toBeUndefined();
  });

  it('refuse other lengths', () => {
    for (const metric of [compositeF1, rangeScores, affiliation, pointAdjustedArea]) {
      expect(() => metric(labelsFrom('010'), labelsFrom('01'))).toThrow(ShapeError);
    }
  });
});
