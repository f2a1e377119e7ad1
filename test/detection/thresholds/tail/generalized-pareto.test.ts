import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitPareto,
  fitParetoWithin,
  fitScale,
} from '../../../../src/detection/thresholds/tail/generalized-pareto.ts';
import { excessOf } from '../../../../src/detection/thresholds/tail/tail.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import golden from '../../../golden/pot.json' with { type: 'json' };

function logLikelihood(y: Float64Array, shape: number, scale: number): number {
  let sum = 0;
  for (const value of y) {
    const r = (shape * value) / scale;
    if (r <= -1) return Number.NEGATIVE_INFINITY;
    sum -= Math.log(scale) + (shape === 0 ? value / scale : (1 + 1 / shape) * Math.log1p(r));
  }
  return sum;
}

const samples = fc
  .record({
    seed: fc.nat(1e6),
    size: fc.integer({ min: 10, max: 200 }),
    shape: fc.double({ min: -0.4, max: 0.8, noNaN: true }),
    exponent: fc.integer({ min: -9, max: 9 }),
  })
  .map(({ seed, size, shape, exponent }) => {
    const random = createRandom(seed);
    const scale = 10 ** exponent;
    return Float64Array.from({ length: size }, () =>
      excessOf({ shape, scale }, 1 - random.uniform() * 0.999999),
    ).filter((value) => value > 0);
  });

describe('generalized-pareto', () => {
  it.each(
    golden.cases.map(
      (reference, i) =>
        [`${i}: shape ${reference.trueShape}, ${reference.excesses.length}`, reference] as const,
    ),
  )('fits golden sample %s as SciPy does', (_, reference) => {
    const { tolerance } = golden;
    const fit = fitPareto(Float64Array.from(reference.excesses));
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(
      reference.logLikelihood - tolerance.logLikelihood,
    );
    expect(Math.abs(fit.shape - reference.shape)).toBeLessThan(tolerance.shape);
    expect(Math.abs(fit.scale / reference.scale - 1)).toBeLessThan(tolerance.scale);
    for (const [i, risk] of golden.risks.entries()) {
      const level = excessOf(fit, risk / golden.tail);
      expect(Math.abs(level / (reference.levels[i] as number) - 1)).toBeLessThan(tolerance.level);
    }
  });

  it('reports the likelihood of the parameters it gives', () => {
    fc.assert(
      fc.property(samples, (y) => {
        const { shape, scale, logLikelihood: reported } = fitPareto(y);
        const expected = logLikelihood(y, shape, scale);
        expect(Math.abs(reported - expected)).toBeLessThanOrEqual(1e-8 * Math.abs(expected) + 1e-8);
      }),
    );
  });

  it('finds no better parameters beside the fit, nor the exponential', () => {
    fc.assert(
      fc.property(samples, (y) => {
        const fit = fitPareto(y);
        const slack = 1e-7 + 1e-10 * Math.abs(fit.logLikelihood);
        for (const dShape of [-0.01, 0, 0.01]) {
          for (const factor of [0.99, 1, 1.01]) {
            const shape = Math.max(-1, fit.shape + dShape);
            const near = logLikelihood(y, shape, fit.scale * factor);
            // At the bound the density may still grow; there only the shape's own best scale counts.
            if (fit.shape > -0.99) expect(near).toBeLessThanOrEqual(fit.logLikelihood + slack);
          }
        }
        expect(fitScale(y, 0).logLikelihood).toBeLessThanOrEqual(fit.logLikelihood + slack);
      }),
    );
  });

  it('scales with the unit of the excesses', () => {
    const y = Float64Array.of(0.1, 0.4, 0.2, 1.9, 0.7, 3.2, 0.05, 0.9, 1.1, 0.3);
    const one = fitPareto(y);
    const giga = fitPareto(y.map((value) => value * 1e9));
    expect(giga.shape).toBeCloseTo(one.shape, 10);
    expect(giga.scale / 1e9).toBeCloseTo(one.scale, 10);
  });

  it('stays within bounds on the shape, with the best scale there', () => {
    fc.assert(
      fc.property(samples, (y) => {
        const free = fitPareto(y);
        const bound = fitParetoWithin(y, 0, 0.5);
        expect(bound.shape).toBe(Math.min(0.5, Math.max(0, free.shape)));
        expect(bound.logLikelihood).toBeLessThanOrEqual(free.logLikelihood + 1e-6);
        for (const factor of [0.98, 1.02]) {
          const near = logLikelihood(y, bound.shape, bound.scale * factor);
          expect(near).toBeLessThanOrEqual(bound.logLikelihood + 1e-6);
        }
      }),
    );
  });

  it('takes the uniform distribution where the likelihood has no maximum', () => {
    const y = Float64Array.from({ length: 20 }, (_, i) => 1 + i * 1e-3);
    const fit = fitPareto(y);
    expect(fit.shape).toBe(-1);
    expect(fit.scale).toBeCloseTo(1.019, 10);
  });

  it('survives equal excesses and excesses 1e12 apart', () => {
    for (const y of [
      new Float64Array(50).fill(3),
      Float64Array.of(1e-6, 1e-5, 1e-3, 1, 1e3, 1e6),
    ]) {
      const fit = fitPareto(y);
      expect(Number.isFinite(fit.shape) && fit.scale > 0).toBe(true);
      expect(Number.isFinite(fit.logLikelihood)).toBe(true);
    }
  });

  it('refuses excesses that are none', () => {
    for (const bad of [[], [0], [-1], [1, Number.NaN], [Number.POSITIVE_INFINITY]]) {
      expect(() => fitPareto(Float64Array.from(bad))).toThrow(RangeError);
    }
  });
});
