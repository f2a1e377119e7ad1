// What the baselines learn, against scikit-learn and by planted structure.
import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import { isolationForestTrainer } from '../../../src/detectors/baselines/isolation-forest/train.ts';
import { pcaTrainer } from '../../../src/detectors/baselines/pca/train.ts';
import { thinned } from '../../../src/detectors/baselines/training/baseline-trainer.ts';
import { kMeans } from '../../../src/detectors/baselines/training/k-means.ts';
import {
  componentsFor,
  principalComponents,
} from '../../../src/detectors/training/principal-components.ts';
import type { TrainingContext } from '../../../src/detectors/training/trainer.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { ordinarySeries } from '../../contracts/planted.ts';
import { golden } from '../../golden/read.ts';

const reference = golden<{
  tolerance: { fit: number };
  train: number[][];
  pca: { variances: number[]; mean: number[]; components: number };
  blobs: { points: number[][]; centres: number[][] };
}>('baselines.json');

const context = (seed: number): TrainingContext => ({
  kernels: plainKernels,
  seed,
  intervalMs: 1000,
  progress: () => undefined,
  signal: new AbortController().signal,
});

describe('principalComponents', () => {
  const found = principalComponents(reference.train.map((row) => Float32Array.from(row)));

  it('has the mean and the variances of scikit-learn', () => {
    const { fit } = reference.tolerance;
    found.mean.forEach((value, i) => {
      expect(Math.abs(value - (reference.pca.mean[i] ?? NaN))).toBeLessThan(fit);
    });
    found.variances.forEach((value, i) => {
      expect(Math.abs(value / (reference.pca.variances[i] ?? NaN) - 1)).toBeLessThan(fit);
    });
    expect(componentsFor(found.variances, 0.9)).toBe(reference.pca.components);
  });

  it('has orthonormal components', () => {
    found.components.forEach((a, i) => {
      found.components.forEach((b, j) => {
        const dot = a.reduce((sum, value, c) => sum + value * (b[c] ?? NaN), 0);
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-12);
      });
    });
  });
});

describe('kMeans', () => {
  it('ends at the centres of scikit-learn where clusters are plain to see, from any seed', async () => {
    const points = reference.blobs.points.map((point) => Float32Array.from(point));
    for (let seed = 1; seed <= 20; seed++) {
      const centres = await kMeans(points, 4, createRandom(seed), async () => undefined);
      const sorted = centres.toSorted(
        (a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0),
      );
      sorted.forEach((centre, k) => {
        centre.forEach((value, i) => {
          expect(value).toBeCloseTo(reference.blobs.centres[k]?.[i] ?? NaN, 9);
        });
      });
    }
  });

  it('makes no more centres than there are different vectors', async () => {
    const points = [Float32Array.of(1), Float32Array.of(1), Float32Array.of(2)];
    const centres = await kMeans(points, 3, createRandom(1), async () => undefined);
    expect(centres.map(([x]) => x).toSorted()).toEqual([1, 2]);
  });
});

describe('thinned', () => {
  it('keeps the order, the first item and an even distance', () => {
    expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
    expect(thinned([1, 2], 5)).toEqual([1, 2]);
  });
});

describe('pca trainer', () => {
  it('leaves a direction for Q even when all of the variance is asked for', async () => {
    const options = pcaTrainer.options.parse({ variance: 1 });
    const model = await pcaTrainer.train(ordinarySeries(600), options, context(1));
    expect(model.design).toMatchObject({ components: 2 });
  });

  it('leaves a direction in which rows vary, beside a channel that is constant (#21)', async () => {
    const series = ordinarySeries(600);
    const width = series.channels.length + 1;
    const values = new Float64Array(600 * width).map((_, i) => {
      const c = i % width;
      return c < width - 1
        ? (series.values[Math.floor(i / width) * (width - 1) + c] as number)
        : 900;
    });
    const channels = [...series.channels, { id: 'constant', unit: 'W' }];
    const options = pcaTrainer.options.parse({ variance: 1 });
    const model = await pcaTrainer.train({ ...series, channels, values }, options, context(1));
    expect(model.design).toMatchObject({ components: series.channels.length - 1 });
    expect(Math.max(...model.calibration)).toBeGreaterThan(1e-6);
  });

  it('keeps one direction for T2 even when none is asked for', async () => {
    const options = pcaTrainer.options.parse({ variance: 0, statistic: 't2' });
    const model = await pcaTrainer.train(ordinarySeries(600), options, context(1));
    expect(model.design).toMatchObject({ components: 1 });
  });
});

describe('isolation forest trainer', () => {
  it('grows trees whose leaves hold all of their sample', async () => {
    const options = isolationForestTrainer.options.parse({ trees: 5, sample: 64 });
    const model = await isolationForestTrainer.train(ordinarySeries(600), options, context(3));
    const { feature, size } = model.tensors;
    const roots = model.design['roots'] as number[];
    roots.forEach((root, tree) => {
      const end = roots[tree + 1] ?? feature?.data.length ?? 0;
      let held = 0;
      for (let node = root; node < end; node++) {
        if ((feature?.data[node] ?? 0) < 0) held += size?.data[node] ?? NaN;
      }
      expect(held).toBe(64);
    });
  });
});

describe('every baseline trainer', () => {
  it('refuses a series in which nothing ever moves', async () => {
    const series = ordinarySeries(600);
    series.values.forEach((_, i) => {
      series.values[i] = i % 3;
    });
    await expect(
      pcaTrainer.train(series, pcaTrainer.options.parse({}), context(1)),
    ).rejects.toThrow(CalibrationError);
  });

  it('stops when it is aborted', async () => {
    const abort = new AbortController();
    abort.abort(new Error('stopped by the user'));
    const options = pcaTrainer.options.parse({ windowLength: 60 });
    const training = pcaTrainer.train(ordinarySeries(4000), options, {
      ...context(1),
      signal: abort.signal,
    });
    await expect(training).rejects.toThrow('stopped by the user');
  });

  it('gives other seeds other forests', async () => {
    const options = isolationForestTrainer.options.parse({ trees: 3 });
    const first = await isolationForestTrainer.train(ordinarySeries(600), options, context(1));
    const second = await isolationForestTrainer.train(ordinarySeries(600), options, context(2));
    expect(first.id).not.toBe(second.id);
  });
});
