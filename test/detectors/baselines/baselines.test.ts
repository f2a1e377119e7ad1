// Each baseline against scikit-learn on the same fitted parts; fitting is compared in detectors/baselines/training.
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import {
  isolationForest,
  meanPathLength,
} from '../../../src/detectors/baselines/isolation-forest/score.ts';
import { kmeansWindows } from '../../../src/detectors/baselines/kmeans-windows/score.ts';
import { knn } from '../../../src/detectors/baselines/knn/score.ts';
import { pca } from '../../../src/detectors/baselines/pca/score.ts';
import { principalComponents } from '../../../src/detectors/training/principal-components.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { golden } from '../../golden/read.ts';
import { modelOf, windowOf } from './baseline-model.ts';

const reference = golden<{
  tolerance: { fit: number; score: number };
  train: number[][];
  test: number[][];
  pca: {
    variances: number[];
    components: number;
    q: number[];
    qPerChannel: number[][];
    t2: number[];
  };
  forest: Record<'feature' | 'threshold' | 'right' | 'size' | 'roots' | 'scores', number[]> & {
    sample: number;
    averages: [number, number][];
  };
  knn: { neighbours: number; scores: number[]; one: number[]; nearest: number[] };
  kmeans: { centres: number[][]; scores: number[] };
}>('baselines.json');
const { train, test, tolerance } = reference;

function expectRelative(found: number | undefined, expected: number | undefined): void {
  const value = expected ?? NaN;
  expect(Math.abs((found ?? NaN) - value)).toBeLessThan(
    tolerance.score * Math.max(1, Math.abs(value)),
  );
}

describe('pca', () => {
  const parts = principalComponents(train.map((row) => Float32Array.from(row)));
  const k = reference.pca.components;
  const modelWith = (statistic: 'q' | 't2') =>
    modelOf(
      'pca',
      6,
      1,
      { statistic, components: k },
      {
        mean: [[6], [...parts.mean]],
        variances: [[k], [...parts.variances.subarray(0, k)]],
        components: [[k, 6], parts.components.slice(0, k).flatMap((component) => [...component])],
      },
    );

  it.each(['q', 't2'] as const)('gives the statistic of scikit-learn: %s', (statistic) => {
    const detector = pca.load(modelWith(statistic), plainKernels);
    test.forEach((row, i) => {
      expectRelative(detector.score(windowOf(row, 6)).value, reference.pca[statistic][i]);
    });
  });

  it('blames channels by their squared residuals and expects what the components explain', () => {
    const detector = pca.load(modelWith('q'), plainKernels);
    test.forEach((row, i) => {
      const { perChannel, expected } = detector.score(windowOf(row, 6));
      perChannel.forEach((share, c) => {
        expectRelative(share, reference.pca.qPerChannel[i]?.[c]);
        expectRelative(((row[c] ?? NaN) - (expected?.[c] ?? NaN)) ** 2, share);
      });
    });
  });

  it('treats a window as one long row', () => {
    const row = test[0] ?? [];
    const asWindow = {
      ...modelWith('q'),
      windowLength: 3,
      channels: modelWith('q').channels.slice(0, 2),
    };
    const found = pca.load(asWindow, plainKernels).score(windowOf(row, 2));
    expectRelative(found.value, reference.pca.q[0]);
    expect(found.perChannel).toHaveLength(2);
  });

  it('refuses an unknown statistic and tensors of another shape', () => {
    const model = modelWith('q');
    expect(() => pca.load({ ...model, design: { statistic: 'x' } }, plainKernels)).toThrow(
      WeightsError,
    );
    expect(() => pca.load({ ...model, windowLength: 2 }, plainKernels)).toThrow(/expected 2×12/);
  });
});

describe('isolation forest', () => {
  const { feature, threshold, right, size, roots, sample, scores, averages } = reference.forest;
  const nodes = feature.length;
  const model = modelOf(
    'isolation-forest',
    6,
    1,
    { roots, nodes, sample },
    {
      feature: [[nodes], feature],
      threshold: [[nodes], threshold],
      right: [[nodes], right],
      size: [[nodes], size],
    },
  );

  it("gives scikit-learn's scores from scikit-learn's trees", () => {
    const detector = isolationForest.load(model, plainKernels);
    test.forEach((row, i) => {
      expectRelative(detector.score(windowOf(row, 6)).value, scores[i]);
    });
  });

  it('knows the mean path length', () => {
    for (const [n, length] of averages) expect(meanPathLength(n)).toBeCloseTo(length, 12);
  });

  it('blames the channel that isolates', () => {
    const detector = isolationForest.load(model, plainKernels);
    const odd = (train[0] ?? []).map((value, c) => (c === 4 ? 50 : value));
    const { perChannel } = detector.score(windowOf(odd, 6));
    const usual = detector.score(windowOf(train[0] ?? [], 6)).perChannel;
    expect(perChannel[4]).toBeGreaterThan(usual[4] ?? NaN);
    expect(perChannel.indexOf(Math.max(...perChannel))).toBe(4);
  });
});

describe('knn', () => {
  const modelWith = (neighbours: number) =>
    modelOf(
      'knn',
      6,
      1,
      { neighbours, references: train.length },
      {
        references: [[train.length, 6], train.flat()],
      },
    );

  it.each([
    ['the mean over five', 5, reference.knn.scores],
    ['the nearest', 1, reference.knn.one],
  ])('gives the distances of scikit-learn: %s', (_, neighbours, expected) => {
    const detector = knn.load(modelWith(neighbours), plainKernels);
    test.forEach((row, i) => {
      expectRelative(detector.score(windowOf(row, 6)).value, expected[i]);
    });
  });

  it('expects the nearest remembered row', () => {
    const detector = knn.load(modelWith(5), plainKernels);
    test.forEach((row, i) => {
      const nearest = train[reference.knn.nearest[i] ?? -1] ?? [];
      expect([...(detector.score(windowOf(row, 6)).expected ?? [])]).toEqual([
        ...Float32Array.from(nearest),
      ]);
    });
  });

  it('scores a remembered row 0 and blames nobody', () => {
    const { value, perChannel } = knn
      .load(modelWith(1), plainKernels)
      .score(windowOf(train[3] ?? [], 6));
    expect(value).toBe(0);
    expect(Math.max(...perChannel)).toBe(0);
  });
});

describe('kmeans-windows', () => {
  const { centres, scores } = reference.kmeans;
  const model = modelOf(
    'kmeans-windows',
    2,
    3,
    { clusters: 4, normalised: true },
    {
      centres: [[4, 6], centres.flat()],
    },
  );

  it('gives the distance to the nearest centre as scikit-learn does', () => {
    const detector = kmeansWindows.load(model, plainKernels);
    test.forEach((row, i) => {
      expectRelative(detector.score(windowOf(row, 2)).value, scores[i]);
    });
  });

  it('does not see level or size', () => {
    const detector = kmeansWindows.load(model, plainKernels);
    const row = test[1] ?? [];
    const moved = row.map((value) => value * 7 + 100);
    expectRelative(
      detector.score(windowOf(moved, 2)).value,
      detector.score(windowOf(row, 2)).value,
    );
  });

  it('says what the newest row should have been in the units of the window', () => {
    const detector = kmeansWindows.load(model, plainKernels);
    const shifted = (test[1] ?? []).map((value) => value + 100);
    const { expected } = detector.score(windowOf(shifted, 2));
    expect(Math.min(...(expected ?? []))).toBeGreaterThan(50);
  });

  it('keeps a flat window finite', () => {
    const detector = kmeansWindows.load(model, plainKernels);
    expect(Number.isFinite(detector.score(windowOf([2, 2, 2, 2, 2, 2], 2)).value)).toBe(true);
  });
});
