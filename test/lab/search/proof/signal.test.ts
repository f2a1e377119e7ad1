import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { nearestFit, reliability } from '../../../../src/lab/search/proof/signal.ts';

const random = createRandom(1);

function outcomes(count: number, spread: number, noise: number) {
  return Array.from({ length: count }, (_, candidate) => {
    const truth = spread * random.normal();
    return { candidate, values: [1, 2, 3].map(() => truth + noise * random.normal()) };
  });
}

describe('reliability of means', () => {
  it('is the share of their variance that the candidates are', () => {
    // Of three: 1 / (1 + 3 / 3); its standard error is about 0.02 with so many.
    const share = reliability(outcomes(2000, 1, Math.sqrt(3)));
    expect(Math.abs((share ?? 0) - 0.5)).toBeLessThan(0.08);
  });

  it('is 1 without noise, and leaves infeasible candidates out', () => {
    expect(reliability([...outcomes(20, 1, 0), { candidate: 20, values: [] }])).toBeCloseTo(1, 12);
  });

  it('is not known without repetitions', () => {
    const once = [1, 2, 3].map((value, candidate) => ({ candidate, values: [value] }));
    expect(reliability(once)).toBeUndefined();
  });
});

describe('fit of the nearest', () => {
  const line = Float64Array.from({ length: 100 }, (_, i) => i);

  it('is nearly 1 where those nearby are alike, and about 0 or less where they are not', () => {
    const coordinates = { values: line, width: 1 };
    expect(nearestFit({ coordinates }, line, 4)).toBeGreaterThan(0.99);
    expect(
      nearestFit(
        { coordinates },
        line.map(() => random.normal()),
        4,
      ),
    ).toBeLessThan(0.1);
  });

  it('is estimated from a sample of many candidates, close to the fit of all', () => {
    const values = Float64Array.from({ length: 6000 }, (_, i) => i / 6000);
    const own = createRandom(1);
    const truth = values.map((value) => Math.sin(6 * value) + 0.4 * own.normal());
    const fitOf = (of: Float64Array, step = 1) => {
      const points = { values: values.filter((_, i) => i % step === 0), width: 1 };
      const some = of.filter((_, i) => i % step === 0);
      return nearestFit({ coordinates: points }, some, 5);
    };
    const fit = fitOf(truth);
    expect(fit).toBeGreaterThan(0.6);
    expect(Math.abs(fit - fitOf(truth, 5))).toBeLessThan(0.15);
    // 11 and 30 are asked, and nothing between them; the nearest of each are at most three places away.
    expect(fitOf(truth.with(20, 1000))).toBe(fit);
    expect(fitOf(truth.with(30, 1000))).toBeLessThan(fit);
  });

  it('is right also where every 32nd pair has the same half', () => {
    const [count, halves] = [12_800, 32];
    const values = Float64Array.from({ length: 2 * count }, (_, i) =>
      i % 2 === 0 ? Math.floor(i / 2 / halves) / 400 : (Math.floor(i / 2) % halves) / halves,
    );
    const truth = Float64Array.from({ length: count }, (_, i) => values[2 * i + 1] as number);
    const fit = nearestFit({ coordinates: { values, width: 2 } }, truth, 5);
    expect(fit).toBeGreaterThan(0.9);
  });
});
