import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileLikelihood } from '../../../src/engine/regression/gaussian-likelihood.ts';
import {
  ConditionedProcess,
  GaussianPosterior,
} from '../../../src/engine/regression/gaussian-posterior.ts';
import {
  gaussianProcess,
  likeliestKernel,
} from '../../../src/engine/regression/gaussian-process.ts';
import {
  inLengthScales,
  matern52,
  squaredDistances,
} from '../../../src/engine/regression/matern.ts';
import { rowOf } from '../../../src/engine/regression/regressor.ts';
import { mean } from '../../../src/engine/statistics.ts';
import { greatestDifference, known, pointsOf, reference } from './reference.ts';

const { points, y, asked } = known;
const centred = y.map((value) => value - mean(y));

const likeliest = {
  one: gaussianProcess({ each: false })(points, y, 1),
  each: gaussianProcess({ each: true })(points, y, 1),
};

function observed(posterior: GaussianPosterior, rows: readonly (readonly number[])[]) {
  for (const row of rows) posterior.observe(Float64Array.from(row));
  return posterior;
}

function theta(lengthScales: readonly number[], noiseRatio: number): Float64Array {
  return Float64Array.of(...lengthScales.map(Math.log), Math.log(noiseRatio));
}

describe.each(reference.processes)('Gaussian process with scales $lengthScales', (expected) => {
  const kernel = {
    lengthScales: Float64Array.from(expected.lengthScales),
    noiseRatio: expected.noiseRatio,
  };
  const each = expected.lengthScales.length > 1;

  it('predicts what scikit-learn predicts with the same kernel', () => {
    const found = observed(new GaussianPosterior(kernel, asked), reference.x).predict(y);
    expect(greatestDifference(found.mean, expected.mean)).toBeLessThan(reference.tolerance.process);
    expect(greatestDifference(found.deviation, expected.deviation)).toBeLessThan(
      reference.tolerance.process,
    );
    expect(found.noise).toBeCloseTo(Math.sqrt(expected.noiseRatio * expected.variance), 10);
  });

  it('has the likelihood that scikit-learn has', () => {
    const { value, variance } = profileLikelihood(
      points,
      centred,
      theta(expected.lengthScales, expected.noiseRatio),
    );
    expect(value).toBeCloseTo(expected.logLikelihood, 7);
    expect(variance).toBeCloseTo(expected.variance, 10);
    const conditioned = new ConditionedProcess(expected.noiseRatio, 0);
    const scaled = inLengthScales(points, kernel.lengthScales);
    const squares = { values: squaredDistances(scaled, scaled), width: y.length };
    for (let n = 0; n < y.length; n++) {
      const before = rowOf(squares, n).subarray(0, n);
      conditioned.observe(before.map(matern52), new Float64Array(0));
    }
    expect(conditioned.logLikelihood(y)).toBeCloseTo(expected.logLikelihood, 7);
  });

  it('finds a kernel as likely as the likeliest that scikit-learn finds', () => {
    const fitted = each ? likeliest.each : likeliest.one;
    expect(fitted.logLikelihood).toBeGreaterThan(
      expected.greatestLogLikelihood - reference.tolerance.likelihood,
    );
    expect(fitted.kernel.lengthScales.length).toBe(expected.lengthScales.length);
  });

  it('knows the slope of the likelihood: central differences agree', () => {
    const at = theta(expected.lengthScales, expected.noiseRatio);
    const { gradient } = profileLikelihood(points, centred, at);
    for (const [i, slope] of gradient.entries()) {
      const moved = [1e-5, -1e-5].map((step) =>
        profileLikelihood(points, centred, at.with(i, (at[i] as number) + step)),
      );
      const difference = ((moved[0]?.value as number) - (moved[1]?.value as number)) / 2e-5;
      expect(slope).toBeCloseTo(difference, 5);
    }
  });
});

describe('length scales of groups of coordinates', () => {
  const wide = {
    values: Float64Array.from([...points.values].flatMap((x, i) => [x, i % 3])),
    width: 2 * points.width,
  };

  it('have the slope of central differences', () => {
    const groups = [1, wide.width - 1];
    const at = Float64Array.of(0.3, 0.6, Math.log(0.02));
    const { gradient } = profileLikelihood(wide, centred, at, groups);
    expect(gradient.length).toBe(3);
    for (const [i, slope] of gradient.entries()) {
      const [above, below] = [1e-5, -1e-5].map((step) =>
        profileLikelihood(wide, centred, at.with(i, (at[i] as number) + step), groups),
      );
      const difference = ((above?.value as number) - (below?.value as number)) / 2e-5;
      expect(slope).toBeCloseTo(difference, 5);
    }
  });

  it('are one for all with a single group, and one for each with groups of one', () => {
    const options = { each: true, steps: 12 };
    const kernelWith = (more: object) => likeliestKernel(points, y, { ...options, ...more }).kernel;
    const shared = kernelWith({ groups: [points.width] });
    const one = likeliestKernel(points, y, { each: false, steps: 12 }).kernel;
    expect(shared.lengthScales.length).toBe(points.width);
    for (const scale of shared.lengthScales) {
      expect(scale).toBeCloseTo(one.lengthScales[0] as number, 6);
    }
    const groups = new Array<number>(points.width).fill(1);
    expect(kernelWith({ groups })).toEqual(kernelWith({}));
    const again = likeliestKernel(points, y, { ...options, groups: [points.width] }, shared);
    expect(new Set(again.kernel.lengthScales).size).toBe(1);
  });
});

describe('GaussianPosterior', () => {
  const kernel = { lengthScales: Float64Array.of(0.7), noiseRatio: 1e-3 };
  const rows = fc.array(
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  const questions = pointsOf([
    [0, 0],
    [0.5, -1],
  ]);
  const values = (count: number) => Float64Array.from({ length: count }, (_, i) => Math.sin(7 * i));

  it('forgets without a trace', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const posterior = observed(new GaussianPosterior(kernel, questions), first);
        const before = posterior.predict(values(first.length));
        observed(posterior, second);
        posterior.rewind(first.length);
        expect(posterior.size).toBe(first.length);
        expect(posterior.predict(values(first.length))).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order of the observations', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const one = observed(new GaussianPosterior(kernel, questions), some);
        const other = observed(new GaussianPosterior(kernel, questions), [...some].reverse());
        const y = values(some.length);
        const [a, b] = [one.predict(y), other.predict(y.slice().reverse())];
        expect(greatestDifference(a.mean, b.mean)).toBeLessThan(1e-8);
        expect(greatestDifference(a.deviation, b.deviation)).toBeLessThan(1e-8);
      }),
      { numRuns: 30 },
    );
  });

  it('becomes surer with each observation, most where it was made', () => {
    const posterior = new GaussianPosterior(kernel, questions);
    posterior.observe(Float64Array.of(-0.5, 1));
    posterior.observe(Float64Array.of(0.4, 0.4));
    const variance = () => {
      const y = values(posterior.size);
      const scale = posterior.predict(y).noise ** 2;
      return posterior.predict(y).deviation.map((one) => one ** 2 / scale);
    };
    const before = variance();
    posterior.observe(Float64Array.of(0, 0));
    const after = variance();
    expect(after[0]).toBeLessThan(1.001);
    expect(after[0]).toBeLessThan((before[0] as number) / 100);
    expect(after[1]).toBeLessThan(before[1] as number);
    expect(after[1]).toBeGreaterThan(100 * (after[0] as number));
  });

  it('refuses as many values as were not observed', () => {
    expect(() => new GaussianPosterior(kernel, questions).predict(values(2))).toThrow(
      /2 values for 0 observed points/,
    );
  });
});

describe('likeliestKernel', () => {
  it('takes the noise for noise, and says that a coordinate without effect reaches far', () => {
    const { kernel, variance } = likeliest.each;
    const [first = 0, , , fourth = 0] = kernel.lengthScales;
    expect(fourth).toBeGreaterThan(5 * first);
    expect(Math.sqrt(kernel.noiseRatio * variance)).toBeGreaterThan(0.03);
    expect(Math.sqrt(kernel.noiseRatio * variance)).toBeLessThan(0.07);
  });

  it('starts where it was lately, and is not worse off', () => {
    const { kernel, logLikelihood } = likeliest.one;
    const warm = likeliestKernel(points, y, { each: false }, kernel);
    expect(warm.logLikelihood).toBeGreaterThan(logLikelihood - 1e-6);
  });

  it('stands values that are all the same, and a single point', () => {
    const flat = gaussianProcess({ each: false })(points, new Float64Array(y.length).fill(2), 1);
    const { mean, epistemic } = flat.predict(asked);
    expect(mean).toEqual(new Float64Array(mean.length).fill(2));
    expect(epistemic).toEqual(new Float64Array(mean.length));
    const one = gaussianProcess({ each: true })(pointsOf([[1, 2]]), Float64Array.of(3), 1);
    expect(one.predict(pointsOf([[5, 5]])).mean[0]).toBe(3);
  });
});
