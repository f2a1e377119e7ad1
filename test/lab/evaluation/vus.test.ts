import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { vus } from '../../../src/lab/evaluation/vus.ts';
import { golden } from '../../golden/read.ts';
import { labelsFrom } from './labels-from.ts';

interface Case {
  readonly name: string;
  readonly labels: string;
  readonly scores: number[];
  readonly vus: Record<string, [number, number]>;
}
const reference = golden<{ tolerance: { vus: number }; ranking: Case[] }>('metrics.json');

describe('vus', () => {
  for (const { name, labels, scores, vus: expected } of reference.ranking) {
    it(`equals the restated formula at every window: ${name}`, () => {
      for (const [window, [pr, roc]] of Object.entries(expected)) {
        const found = vus(labelsFrom(labels), Float64Array.from(scores), Number(window));
        expect(Math.abs((found?.pr ?? NaN) - pr)).toBeLessThan(reference.tolerance.vus);
        expect(Math.abs((found?.roc ?? NaN) - roc)).toBeLessThan(reference.tolerance.vus);
      }
    });
  }

  it('gives 1 to a score that equals the labels', () => {
    const labels = labelsFrom('0001111000000100000011000');
    const found = vus(labels, Float64Array.from(labels), 10);
    expect(found?.pr).toBeCloseTo(1, 12);
    expect(found?.roc).toBeCloseTo(1, 12);
  });

  it('gives a random score little more than chance', () => {
    const labels = new Uint8Array(20_000);
    for (let start = 500; start < labels.length; start += 2000) labels.fill(1, start, start + 100);
    let state = 1;
    const scores = Float64Array.from(labels, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state;
    });
    const found = vus(labels, scores, 100);
    // Prevalence is .05; tolerance windows add at most 50 soft rows on each side of a segment of 100.
    expect(found?.pr).toBeGreaterThan(0.05);
    expect(found?.pr).toBeLessThan(0.1);
  });

  it('does not change under strictly increasing transforms of the scores', () => {
    const series = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 40 })), {
      minLength: 2,
      maxLength: 120,
    });
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 12 }), (rows, window) => {
        const labels = Uint8Array.from(rows, ([label]) => Number(label));
        const scores = Float64Array.from(rows, ([, score]) => score);
        const moved = scores.map((score) => Math.exp(score / 10) - 5);
        expect(vus(labels, moved, window)).toEqual(vus(labels, scores, window));
      }),
    );
  });

  it('stays within 0 and 1 for PR', () => {
    const series = fc.array(fc.tuple(fc.boolean(), fc.double({ noNaN: true })), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 40 }), (rows, window) => {
        const labels = Uint8Array.from(rows, ([label]) => Number(label));
        const found = vus(
          labels,
          Float64Array.from(rows, ([, score]) => score),
          window,
        );
        if (found === undefined) return;
        expect(found.pr).toBeGreaterThanOrEqual(0);
        expect(found.pr).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('takes time in proportion to the rows, not to their square', () => {
    const cpuOf = (rows: number): number => {
      const labels = new Uint8Array(rows);
      for (let start = 100; start < rows; start += 400) labels.fill(1, start, start + 40);
      const scores = Float64Array.from(labels, (label, row) => label + Math.sin(row * 12.9898));
      const began = process.cpuUsage();
      vus(labels, scores, 100);
      const { user, system } = process.cpuUsage(began);
      return user + system;
    };
    const least = (rows: number): number =>
      Math.min(...Array.from({ length: 3 }, () => cpuOf(rows)));
    cpuOf(6250); // compiled before it is measured
    expect(least(100_000) / least(6250)).toBeLessThan(100); // of 16 times the rows; their square is 256
  });

  it('is undefined without a labelled row, with nothing but labelled rows, and on one row', () => {
    const scores = Float64Array.from([1, 2, 3]);
    expect(vus(Uint8Array.from([0, 0, 0]), scores, 5)).toBeUndefined();
    expect(vus(Uint8Array.from([1, 1, 1]), scores, 5)).toBeUndefined();
    expect(vus(Uint8Array.from([1]), Float64Array.from([4]), 5)).toBeUndefined();
  });

  it('refuses other lengths, no rows, NaN scores and broken windows', () => {
    const labels = Uint8Array.from([0, 1, 0]);
    expect(() => vus(labels, Float64Array.from([1, 2]), 5)).toThrow(ShapeError);
    expect(() => vus(labels, Float64Array.from([1, 2]), 5)).toThrow(/3 labels but 2 scores/);
    expect(() => vus(new Uint8Array(0), new Float64Array(0), 5)).toThrow(/no rows/);
    expect(() => vus(labels, Float64Array.from([1, NaN, 2]), 5)).toThrow(/score 1 of 3/);
    expect(() => vus(labels, Float64Array.from([1, 2, 3]), 2.5)).toThrow(RangeError);
  });
});
