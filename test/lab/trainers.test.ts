// Trainers whose models are compressed at the end of the training.
import { describe, expect, it } from 'vitest';
import { alertOptions } from '../../src/detection/alerts/alert-options.ts';
import { DEFAULT_THRESHOLD } from '../../src/detection/thresholds/index.ts';
import { gapOptions } from '../../src/detection/windows/window-options.ts';
import { trainers as dense } from '../../src/detectors/training/index.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { numbersIn } from '../../src/lab/compression/lean-model.ts';
import { contestantOf } from '../../src/lab/judging/contestants.ts';
import { perform } from '../../src/lab/judging/judge.ts';
import { retrainInWorker } from '../../src/lab/retraining/retraining.ts';
import { trainers } from '../../src/lab/trainers.ts';
import { trainInWorker } from '../../src/lab/training.ts';
import type { Model } from '../../src/models/model.ts';
import { toySeries } from '../detectors/training/toy-series.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const head = { op: 'attention', form: 'scaled' } as const;
const point = { layers: [{ hidden: 16, heads: [head, head], feedForward: [32] }] };
const QUICK = { rows: 12, patch: 3, steps: 60, batch: 16, point };
const series = toySeries({ rows: 700, seed: 1 });

function train(options: Record<string, unknown>, kind = 'forecaster'): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new RangeError(kind);
  const all = trainer.options.parse(options);
  const context = { kernels, signal, seed: 1, intervalMs: 1000, progress: () => undefined };
  return trainer.train(series, all, context);
}

describe('a training with the option compress', () => {
  it('ends with a smaller model, the same from the same seed, in a thread too', async () => {
    const whole = await train(QUICK);
    const lean = await train({ ...QUICK, compress: 0.3 });
    expect(numbersIn(lean)).toBeLessThan(0.9 * numbersIn(whole));
    expect(lean.card.compression).toMatchObject({
      parent: whole.id,
      method: 'modegpt',
      dataHash: whole.card.dataHash,
      parameters: { before: numbersIn(whole), after: numbersIn(lean) },
    });
    const options = { ...QUICK, compress: 0.3 };
    const inThread = await trainInWorker('forecaster', series, options, {
      seed: 1,
      intervalMs: 1000,
    });
    expect(inThread.tensors).toEqual(lean.tensors);
  });

  const GON = { lengths: [1, 5], shapeLengths: [10], linearLength: 5, steps: 20, batch: 16 };
  const PAIR = { gon: GON, forecaster: QUICK };

  it('keeps the windows that a GON remembers in their span, alone or in an ensemble', async () => {
    for (const [kind, options, place] of [
      ['gon', GON, 'design'],
      ['ensemble', PAIR, 'design.gon'],
    ] as const) {
      const whole = await train(options, kind);
      const lean = await train({ ...options, compress: 'span' }, kind);
      expect(lean.card.compression).toMatchObject({ parent: whole.id, method: 'span' });
      expect(lean).toHaveProperty(`${place}.memorySpan`, true);
      expect(numbersIn(lean)).toBeLessThan(numbersIn(whole));
    }
  });

  it('leaves a GON as it is whose windows have no span: that would be told after the training', async () => {
    const options = { ...GON, linearLength: 0 };
    const whole = await train(options, 'gon');
    expect((await train({ ...options, compress: 'span' }, 'gon')).id).toBe(whole.id);
  });

  it('is not there for a cnn, of which some designs have nothing to spare: that would be told after the training', () => {
    const options = trainers.get('cnn')?.options;
    expect(options?.safeParse({}).success).toBe(true);
    expect(options?.safeParse({ compress: 0.3 }).error?.issues[0]?.code).toBe('unrecognized_keys');
  });

  it('is as before without it, to the bit', async () => {
    const trainer = dense.get('forecaster');
    const context = { kernels, signal, seed: 1, intervalMs: 1000, progress: () => undefined };
    const whole = await trainer?.train(series, trainer.options.parse(QUICK), context);
    expect((await train(QUICK)).id).toBe(whole?.id);
    expect((await train({ ...QUICK, compress: 0 })).id).toBe(whole?.id);
  });

  it('is tried beside the live model when a stream learns again', async () => {
    const live = { model: await train(QUICK) };
    const progress: number[] = [];
    const { model, trial } = await retrainInWorker(
      {
        ...{
          detector: 'forecaster',
          options: { ...QUICK, compress: 0.3 },
          seed: 2,
          intervalMs: 1000,
        },
        ...{ series, live },
        settings: SETTINGS,
      },
      { signal, onProgress: ({ fraction }) => void progress.push(fraction) },
    );
    expect(model.card.compression?.method).toBe('modegpt');
    expect(trial.rows).toBe(140);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('can be evaluated by its name', async () => {
    const contestant = contestantOf('forecaster:compress=0.3,steps=40');
    expect(contestant.options).toEqual({ compress: 0.3, steps: 40 });
    const test = toySeries({ rows: 200, seed: 2, fault: [{ channel: 1, from: 100, to: 130 }] });
    const labelled = {
      id: 'toy/1',
      train: series,
      test,
      intervalMs: 1000,
      segments: [{ start: 100, end: 130 }],
      labels: Uint8Array.from({ length: 200 }, (_, row) => (row >= 100 && row < 130 ? 1 : 0)),
    };
    const { model } = await perform(contestant, labelled, { kernels, seed: 1, signal });
    expect(model?.card.compression?.options).toMatchObject({ ratio: 0.3 });
  });

  it.each([
    ['forecaster', 0.9],
    ['encoder', -0.1],
    ['ensemble', 'much'],
    ['gon', 0.3],
    ['forecaster', 'span'],
    ['pca', 0.3],
  ])('refuses for %s: %s', (kind, compress) => {
    expect(trainers.get(kind)?.options.safeParse({ compress }).success).toBe(false);
    expect(() => contestantOf(`${kind}:compress=${compress}`)).toThrow('compress');
  });

  it('names what it takes', () => {
    expect(() => contestantOf('ensemble:compress=much')).toThrow(
      'compress: found a text, expected a share from 0 to 0.8, or span',
    );
    expect(() => contestantOf('gon:compress=.3')).toThrow(
      'compress: found a number, expected span',
    );
  });
});

const SETTINGS = {
  threshold: { kind: DEFAULT_THRESHOLD, options: {} },
  alerts: alertOptions.parse({}),
  windows: gapOptions.parse({}),
};
