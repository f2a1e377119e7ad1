import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../../src/detectors/baselines/first-difference/score.ts';
import {
  featuresOf,
  kmeansChannels,
  ROWS,
} from '../../../src/detectors/baselines/kmeans-channels/score.ts';
import { rangeCount } from '../../../src/detectors/baselines/range-count/score.ts';
import { robustZ } from '../../../src/detectors/baselines/robust-z/score.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { modelOf, windowOf } from './baseline-model.ts';

describe('range-count', () => {
  const detector = rangeCount.load(
    modelOf('range-count', 3, 1, {}, { low: [[3], [-1, -1, 0]], high: [[3], [1, 1, 0]] }),
    plainKernels,
  );

  it('counts channels outside what training saw, its edges inside', () => {
    const { value, perChannel, expected } = detector.score(windowOf([1, -1.5, 0.25], 3));
    expect(value).toBe(2);
    expect([...perChannel]).toEqual([0, 1, 1]);
    expect([...(expected ?? [])]).toEqual([1, -1, 0]);
  });
});

describe('robust-z', () => {
  it('is the mean distance from the centre of training', () => {
    const { value, perChannel } = robustZ
      .load(modelOf('robust-z', 2, 1, {}, {}), plainKernels)
      .score(windowOf([3, -5], 2));
    expect(value).toBe(4);
    expect([...perChannel]).toEqual([1.5, 2.5]);
  });
});

describe('first-difference', () => {
  it('sees the last step and nothing else, and expects the row before', () => {
    const detector = firstDifference.load(modelOf('first-difference', 2, 2, {}, {}), plainKernels);
    const { value, perChannel, expected } = detector.score(windowOf([100, 1, 103, 1], 2));
    expect(value).toBe(9);
    expect([...perChannel]).toEqual([9, 0]);
    expect([...(expected ?? [])]).toEqual([100, 1]);
  });
});

describe('kmeans-channels', () => {
  /** Two channels over time, row by row. */
  const rows = (a: (t: number) => number, b: (t: number) => number): number[] =>
    Array.from({ length: ROWS }, (_, t) => [a(t), b(t)]).flat();
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);

  it('smooths three successive differences and keeps six of them, newest last', () => {
    const into = new Float64Array(6);
    featuresOf(
      Float32Array.from(
        rows(
          (t) => t * t,
          () => 0,
        ),
      ),
      2,
      0,
      into,
    );
    // Mean of the differences of t^2 that end at t: t^2 - (t - 3)^2 over 3.
    expect([...into].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([3, 5, 7, 9, 11, 13]);
    featuresOf(
      Float32Array.from(
        rows(
          (t) => t,
          () => 0,
        ),
      ),
      2,
      1,
      into,
    );
    expect([...into]).toEqual(zeros(6));
  });

  it('sets the bit of a channel only when every model agrees', () => {
    const detectorWith = (limits: readonly number[]) =>
      kmeansChannels.load(
        modelOf(
          'kmeans-channels',
          2,
          ROWS,
          { models: 2 },
          {
            centres: [[2, 2, 2, 6], zeros(48)],
            // model, channel, least and greatest distance
            limits: [[2, 2, 2], limits],
          },
        ),
        plainKernels,
      );
    const jump = windowOf(
      rows(
        (t) => (t === ROWS - 1 ? 30 : 0),
        () => 0,
      ),
      2,
    );
    const both = detectorWith([0, 5, 0, 5, 0, 5, 0, 5]).score(jump);
    expect([both.value, ...both.perChannel]).toEqual([1, 1, 0]);
    expect(detectorWith([0, 5, 0, 5, 0, 50, 0, 5]).score(jump).value).toBe(0);
  });

  it('leaves a channel that never moved at rest, and flags its first move', () => {
    const detector = kmeansChannels.load(
      modelOf(
        'kmeans-channels',
        2,
        ROWS,
        { models: 1 },
        {
          centres: [[1, 2, 2, 6], zeros(24)],
          limits: [[1, 2, 2], zeros(4)],
        },
      ),
      plainKernels,
    );
    expect(
      detector.score(
        windowOf(
          rows(
            () => 5,
            () => 5,
          ),
          2,
        ),
      ).value,
    ).toBe(0);
    expect(
      detector.score(
        windowOf(
          rows(
            (t) => (t > 6 ? 6 : 5),
            () => 5,
          ),
          2,
        ),
      ).value,
    ).toBe(1);
  });
});
