// Models that were trained here, compressed: what the file then holds, and how far its scores move.
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { CalibrationError, ConfigError } from '../../../src/core/errors.ts';
import { channelsAt, rowsBetween, type Series } from '../../../src/core/series.ts';
import { detectors } from '../../../src/detectors/index.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import {
  type CompressionChoice,
  leanModel,
  numbersIn,
} from '../../../src/lab/compression/lean-model.ts';
import { onnxFiles } from '../../../src/lab/export/index.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import type { Model } from '../../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../../src/models/model-file.ts';
import type { ModelPruning } from '../../../src/models/pruning.ts';
import { scoreSeries } from '../../detectors/training/score-series.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const series = toySeries({ rows: 600, seed: 1 });
const scaled = { op: 'attention', form: 'scaled' } as const;
const multiplicative = { op: 'attention', form: 'multiplicative' } as const;
const dct = { op: 'transform', basis: 'dct' } as const;
const span = { op: 'convolution', kernel: 5 } as const;

/** Layers of every kind of head, one of them between heads that become neighbours. */
const MIXED = {
  layers: [
    { hidden: 20, heads: [scaled, multiplicative, dct, scaled, span], feedForward: [24, 12] },
    { hidden: 16, heads: [multiplicative, scaled], feedForward: [24] },
  ],
};
const QUICK = { rows: 18, patch: 3, steps: 150, batch: 16, point: MIXED };

function trained(kind: string, options: Record<string, unknown>): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new RangeError(kind);
  const context = { kernels, seed: 3, intervalMs: 1000, signal, progress: () => undefined };
  return trainer.train(series, trainer.options.parse(options), context);
}

function lean(
  model: Model,
  options: Record<string, unknown>,
  {
    method = 'modegpt',
    recording = series,
  }: Partial<CompressionChoice & { recording: Series }> = {},
) {
  const context = { kernels, signal, progress: () => undefined };
  return leanModel(model, recording, { method, options }, context);
}

const unseen = toySeries({ rows: 200, seed: 2, fault: [{ channel: 1, from: 120, to: 140 }] });

function scoresOf(model: Model): readonly number[] {
  const detector = detectors.get(model.kind)?.load(model, kernels);
  if (!detector) throw new RangeError(model.kind);
  return scoreSeries(detector, model, unseen).map((score) => score?.value ?? 0);
}

/** Mean distance of the expected rows of two models, in deviations. */
function offBy(one: Model, other: Model): number {
  const [a, b] = [one, other].map((model) => {
    const detector = detectors.get(model.kind)?.load(model, kernels);
    return detector ? scoreSeries(detector, model, unseen) : [];
  });
  const cells = (a ?? []).flatMap((score, row) =>
    [...(score?.expected ?? [])].map((value, c) =>
      Math.abs(value - (b?.[row]?.expected?.[c] as number)),
    ),
  );
  expect(cells.length).toBeGreaterThan(100);
  return cells.reduce((sum, value) => sum + value, 0) / cells.length;
}

describe.each([
  ['forecaster', QUICK],
  ['encoder', QUICK],
] as const)('a compressed %s', (kind, options) => {
  let parent: Model;
  beforeAll(async () => {
    parent = await trained(kind, options);
  });

  it('at ratio 0 scores as before, to the bit', async () => {
    const { model, report } = await lean(parent, { ratio: 0 });
    expect(report.parts).toEqual([]);
    expect(model.tensors).toEqual(parent.tensors);
    expect(model.design).toEqual(parent.design);
    expect(model.calibration).toEqual(parent.calibration);
    expect(scoresOf(model)).toEqual(scoresOf(parent));
  });

  it('has fewer numbers with each ratio, and expects nearly the same rows', async () => {
    const models: Model[] = [];
    for (const ratio of [0.05, 0.3, 0.6])
      models.push((await lean(parent, { ratio, round: 1 })).model);
    const sizes = [parent, ...models].map(numbersIn);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => b - a));
    const [little, some, much] = models.map((model) => offBy(parent, model));
    expect(little).toBeLessThan(0.05);
    expect(little).toBeLessThan(some as number);
    expect(some).toBeLessThan(much as number);
    // Nothing of it is a copy that is kept beside the narrow one.
    const [file, whole] = [await encodeModel(models[1] as Model), await encodeModel(parent)];
    expect(file.length).toBeLessThan(whole.length);
  });

  it('removes about what is asked for from encoder layers', async () => {
    const { report } = await lean(parent, { ratio: 0.3, round: 1, allocation: 'uniform' });
    for (const { before, after } of report.parts) {
      expect(Math.abs(after / before - 0.7)).toBeLessThan(0.06);
    }
    expect(report.parts.map(({ name }) => name)).toEqual(
      ['layer1.scores', 'layer1.values', 'layer1.feed1', 'layer1.feed2']
        .concat('layer2.scores', 'layer2.values', 'layer2.feed1')
        .map((part) => `${kind}.${part}`),
    );
    expect(report.untouched).toEqual([
      `${kind}.layer1: a head of transform`,
      `${kind}.layer1: a head of convolution`,
    ]);
  });

  it('says which share of the numbers is gone, also between stacked feeds (#23)', async () => {
    const some = await lean(parent, { ratio: 0.2, round: 1 });
    const most = await lean(parent, { ratio: 0.7, round: 1 });
    const [a = 0, b] = [some, most].map(({ model }) => numbersIn(parent) - numbersIn(model));
    expect(b).toBeCloseTo((a * most.report.removed) / some.report.removed, 6);
  });

  it.each(['influence', 'sensitivity', 'uniform'])(
    'is smaller with shares by %s',
    async (allocation) => {
      const { model } = await lean(parent, { ratio: 0.4, round: 1, allocation });
      expect(numbersIn(model)).toBeLessThan(numbersIn(parent));
      expect(offBy(parent, model)).toBeLessThan(1);
    },
  );

  it('errs less than its rivals that need no training', async () => {
    const off = async (method: string, options = {}) =>
      offBy(parent, (await lean(parent, { ratio: 0.4, round: 1, ...options }, { method })).model);
    const own = await off('modegpt');
    expect(own).toBeLessThan(await off('magnitude'));
    expect(own).toBeLessThan(await off('svd'));
  });

  it('says whose child it is, survives its file, and can be exported and compressed again', async () => {
    const { model } = await lean(parent, { ratio: 0.3 });
    const { compression } = model.card;
    expect(compression).toMatchObject({ parent: parent.id, method: 'modegpt', rows: 600 });
    expect(compression?.dataHash).toBe(parent.card.dataHash);
    expect(compression?.parameters).toEqual({ before: numbersIn(parent), after: numbersIn(model) });
    const read = await decodeModel(await encodeModel(model), 'lean');
    expect(read).toEqual(model);
    expect(scoresOf(read)).toEqual(scoresOf(model));
    expect(onnxFiles(read, '0').map(({ graph }) => graph.name)).toEqual([kind]);
    const again = await lean(read, { ratio: 0.3, round: 1 });
    expect(again.model.card.compression?.parent).toBe(model.id);
    expect(numbersIn(again.model)).toBeLessThan(numbersIn(model));
    expect((await lean(parent, { ratio: 0.3 })).model.id).toBe(model.id);
  });
});

describe.each(['forecaster', 'encoder'])('a %s with relu and thresholds', (kind) => {
  let parent: Model;
  let thin: Model;
  beforeAll(async () => {
    parent = await trained(kind, { ...QUICK, activation: 'relu' });
    thin = (await lean(parent, { sparsity: 0.3 }, { method: 'dynatran' })).model;
  });
  const networkOf = ({ design }: Model) =>
    design[kind] as { readonly point: DesignPoint; readonly pruning: ModelPruning };

  it('keeps its activation when it is narrowed', async () => {
    const { model } = await lean(parent, { ratio: 0.05, round: 1 });
    expect(networkOf(model).point.activation).toBe('relu');
    expect(offBy(parent, model)).toBeLessThan(0.05);
  });

  it.each(['influence', 'sensitivity'])(
    'loses the thresholds of narrowed heads, with shares by %s',
    async (allocation) => {
      const { model } = await lean(thin, { ratio: 0.3, allocation });
      const { point, pruning } = networkOf(thin);
      const narrowed = networkOf(model).point.layers.flatMap(({ heads }, l) =>
        isDeepStrictEqual(heads, point.layers[l]?.heads) ? [] : [`layer${l + 1}.heads`],
      );
      expect(narrowed.length).toBeGreaterThan(0);
      const before = Object.keys(pruning);
      const after = Object.keys(networkOf(model).pruning);
      expect(after.length).toBeLessThan(before.length);
      expect(after).toEqual(
        before.filter((name) => !narrowed.some((prefix) => name.startsWith(prefix))),
      );
      expect(after.length).toBeGreaterThan(0);
      expect(scoresOf(model).every(Number.isFinite)).toBe(true);
    },
  );

  it('keeps its thresholds at ratio 0', async () => {
    expect((await lean(thin, { ratio: 0 })).model.design).toEqual(thin.design);
  });
});

describe('a compression is refused in one line', () => {
  let parent: Model;
  beforeAll(async () => {
    parent = await trained('forecaster', { ...QUICK, steps: 10 });
  });

  it.each([
    ['a ratio above its range', { ratio: 0.95 }, 'ratio'],
    ['no ratio', {}, 'ratio'],
    ['an unknown option', { ratio: 0.3, rate: 1 }, 'rate'],
  ])('with %s', async (_, options, told) => {
    await expect(lean(parent, options)).rejects.toThrow(ConfigError);
    await expect(lean(parent, options)).rejects.toThrow(told);
  });

  it('with an unknown method, or of a detector without a network', async () => {
    await expect(lean(parent, { ratio: 0.3 }, { method: 'zip' })).rejects.toThrow(
      "compression 'zip'",
    );
    const pca = await trained('pca', {});
    await expect(lean(pca, { ratio: 0.3 })).rejects.toThrow(
      "a model of 'pca' cannot be compressed by modegpt",
    );
  });

  it('with a recording of other channels, or of too few rows', async () => {
    const other = { ...series, channels: series.channels.with(2, { id: 'x', unit: '' }) };
    const asked = lean(parent, { ratio: 0.3 }, { recording: other });
    await expect(asked).rejects.toThrow("'toy' lacks the channels c of the model");
    const short = rowsBetween(series, 0, 60);
    const few = lean(parent, { ratio: 0.3 }, { recording: short });
    await expect(few).rejects.toThrow(CalibrationError);
    await expect(few).rejects.toThrow('give a longer recording');
  });
});

describe('a recording', () => {
  it('may have its columns in another order, more of them, and no units', async () => {
    const parent = await trained('forecaster', { ...QUICK, steps: 10 });
    const named = { ...parent, channels: parent.channels.map(({ id }) => ({ id, unit: 'bar' })) };
    const order = [3, 0, 5, 1, 4, 2];
    const turned = channelsAt(series, [...order, 0]);
    const channels = [...turned.channels.slice(0, 6), { id: 'more', unit: '' }];
    const recording = { ...turned, channels };
    const { model } = await lean(named, { ratio: 0.3 }, { recording });
    expect(model.channels).toEqual(named.channels);
    expect(model.tensors).toEqual((await lean(parent, { ratio: 0.3 })).model.tensors);
  });
});

describe('constant channels', () => {
  it('leave numbers that are finite, and scores that are those of before', async () => {
    const still = {
      ...series,
      values: series.values.map((value, i) => (i % 6 === 2 ? 4 : value)),
    };
    const trainer = trainers.get('forecaster');
    const context = { kernels, seed: 3, intervalMs: 1000, signal, progress: () => undefined };
    const parent = await trainer?.train(still, trainer.options.parse(QUICK), context);
    if (!parent) throw new RangeError('forecaster');
    const { model } = await lean(parent, { ratio: 0.2, round: 1 }, { recording: still });
    for (const { data } of Object.values(model.tensors)) {
      expect(data.every(Number.isFinite)).toBe(true);
    }
    expect(offBy(parent, model)).toBeLessThan(0.2);
  });
});
