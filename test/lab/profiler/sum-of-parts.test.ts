import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import { onLogarithms } from '../../../src/lab/profiler/choose-regressor.ts';
import { sumOfParts } from '../../../src/lab/profiler/sum-of-parts.ts';

const RATES = [3, 0.5, 0];

/** Three parts of the work, the last of which takes nothing, and one that no design has. */
function designs(count: number, seed: number, scale = 1) {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, () => [
    ...RATES.map(() => scale * (0.2 + random.uniform())),
    0,
  ]);
  const times = rows.map((row) => RATES.reduce((sum, rate, j) => sum + rate * (row[j] ?? 0), 0));
  return {
    points: { values: Float64Array.from(rows.flat()), width: 4 },
    times: Float64Array.from(times),
  };
}

const learn = onLogarithms(sumOfParts);

describe('sumOfParts', () => {
  it('tells times of designs far larger than those it knows', () => {
    const { points, times } = designs(12, 1);
    const large = designs(5, 2, 20);
    const { mean } = learn(points, times, 1).predict(large.points);
    for (const [i, told] of mean.entries()) expect(told / (large.times[i] ?? 0)).toBeCloseTo(1, 6);
  });

  it('says how far single times are off, whatever their size', () => {
    const { points, times } = designs(400, 1);
    const random = createRandom(3);
    const noisy = times.map((time) => time * (1 + 0.05 * random.normal()));
    const { mean, aleatoric } = learn(points, noisy, 1).predict(points);
    for (const [i, spread] of aleatoric.entries()) {
      expect(spread / (mean[i] ?? 0)).toBeCloseTo(0.05, 2);
    }
  });

  it('doubts what it has seen least of, and an unknown part most', () => {
    const { points, times } = designs(40, 1);
    const random = createRandom(4);
    const noisy = times.map((time) => time * (1 + 0.05 * random.normal()));
    const asked = { values: Float64Array.from([1, 1, 1, 0, 1, 9, 1, 0, 1, 1, 1, 1]), width: 4 };
    const { mean, epistemic } = learn(points, noisy, 1).predict(asked);
    const [usual = 0, odd = 0, unknown = 0] = epistemic.map((sd, i) => sd / (mean[i] ?? 1));
    expect(odd).toBeGreaterThan(usual);
    expect(unknown).toBeGreaterThan(odd);
  });

  it('doubts as a straight line does whose rates may be below 0', () => {
    // y = r a with one feature: the deviation of r is that of a time over sqrt(N) in parts of r
    const values = Float64Array.from([1, 2, 3, 4]);
    const times = Float64Array.from([1.1, 1.8, 3.3, 3.6]);
    const { mean, aleatoric, epistemic } = learn({ values, width: 1 }, times, 1).predict({
      values: Float64Array.from([10]),
      width: 1,
    });
    // the rows of R are a / time, of which the least squares are taken
    const gram = times.reduce((sum, time, i) => sum + ((values[i] ?? 0) / time) ** 2, 0);
    const share = (aleatoric[0] ?? 0) / (mean[0] ?? 1);
    expect((epistemic[0] ?? 0) / (share * 10)).toBeCloseTo(1 / Math.sqrt(gram), 3);
  });

  it('tells a time above 0 even of a design without work', () => {
    const { points, times } = designs(8, 1);
    const nothing = { values: new Float64Array(4), width: 4 };
    expect(learn(points, times, 1).predict(nothing).mean[0]).toBeGreaterThan(0);
  });
});
