// Detectors that forecast, trained: the transformer and the convolutions.
import { beforeAll, describe, expect, it } from 'vitest';
import { CalibrationError, ConfigError } from '../../../src/core/errors.ts';
import { detectors } from '../../../src/detectors/index.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import type { Model } from '../../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../../src/models/model-file.ts';
import { cell } from '../../models/cnn-points.ts';
import { scoreSeries } from '../training/score-series.ts';
import { toySeries } from '../training/toy-series.ts';

const kernels = await loadKernels();
const QUICK = { rows: 12, steps: 600, batch: 24, learningRate: 5e-3 };
const head = { op: 'attention', form: 'scaled' } as const;
const POINTS: Record<string, Record<string, unknown>> = {
  forecaster: {
    patch: 3,
    point: { layers: [{ hidden: 16, heads: [head, head], feedForward: [24] }] },
  },
  cnn: { point: { cells: [cell(), cell({ channels: 16, activation: 'silu' })] } },
};

function train(kind: string, options: Record<string, unknown> = {}, rows = 500): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new RangeError(kind);
  const all = trainer.options.parse({ ...QUICK, ...POINTS[kind], ...options });
  return trainer.train(toySeries({ rows, seed: 1 }), all, {
    kernels,
    seed: 5,
    intervalMs: 1000,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

function load(model: Model) {
  const plugin = detectors.get(model.kind);
  if (!plugin) throw new RangeError(model.kind);
  return plugin.load(model, kernels);
}

/** Mean squared errors of the forecast of the next row, and of the row before it, scaled. */
function errorsOf(model: Model): { readonly forecast: number; readonly persistence: number } {
  const test = toySeries({ rows: 300, seed: 2 });
  const width = test.channels.length;
  const { offset, scale } = model.scaler;
  const scaled = Array.from(
    test.values,
    (value, i) => (value - (offset[i % width] ?? 0)) / (scale[i % width] ?? 1),
  );
  let [forecast, persistence, count] = [0, 0, 0];
  for (const [row, score] of scoreSeries(load(model), model, test).entries()) {
    for (const [c, told] of (score?.expected ?? []).entries()) {
      const own = scaled[row * width + c] as number;
      forecast += (own - told) ** 2;
      persistence += (own - (scaled[(row - 1) * width + c] as number)) ** 2;
      count += 1;
    }
  }
  return { forecast: forecast / count, persistence: persistence / count };
}

describe.each(Object.keys(POINTS))('training of a %s', (kind) => {
  let model: Model;
  beforeAll(async () => {
    model = await train(kind);
  });

  it('foresees sines better than who says that all stays as it is', () => {
    const { forecast, persistence } = errorsOf(model);
    expect(persistence).toBeGreaterThan(0.01);
    expect(forecast).toBeLessThan(persistence / 2);
  });

  it('learns rows farther ahead too, and scores by the first', async () => {
    const far = await train(kind, { horizon: 3 });
    expect(far.tensors[`${kind}.forecast.bias`]?.shape).toEqual([3 * 6]);
    expect(model.tensors[`${kind}.forecast.bias`]?.shape).toEqual([6]);
    const { forecast, persistence } = errorsOf(far);
    expect(forecast).toBeLessThan(0.75 * persistence);
  });

  it('makes windows of the rows it sees, the one it forecasts, and those of the hold', () => {
    const hold = Math.ceil(1.5 * 13);
    expect(model.windowLength).toBe(12 + 1 + hold - 1);
    expect(model.card.finalLosses).toHaveLength(1);
    expect(model.calibration.length).toBe(100);
  });

  it('is restored from its file with the same scores', async () => {
    const test = toySeries({ rows: 80, seed: 3 });
    const restored = await decodeModel(await encodeModel(model), 'file');
    const own = scoreSeries(load(model), model, test);
    expect(own.at(-1)?.value).toBeDefined();
    expect(scoreSeries(load(restored), restored, test)).toEqual(own);
  });

  it('has a loss to choose', async () => {
    const short = { steps: 5, rows: 12 };
    const [huber, squared] = [
      await train(kind, { ...short, loss: 'huber' }),
      await train(kind, { ...short, loss: 'squared' }),
    ];
    const name = `${kind}.forecast.weights`;
    expect(squared.tensors[name]).not.toEqual(huber.tensors[name]);
  });

  it('refuses too few rows, and a recording shorter than its windows', async () => {
    await expect(train(kind, {}, 60)).rejects.toThrow(CalibrationError);
    await expect(train(kind, { rows: 240 }, 500)).rejects.toThrow(CalibrationError);
  });
});

describe('design points that cannot be', () => {
  const refused = (kind: string, options: Record<string, unknown>) =>
    expect(train(kind, options)).rejects;

  it('are refused with the name of the layer or the cell', async () => {
    const wide = { layers: [{ hidden: 10, heads: [head, head, head], feedForward: [8] }] };
    await refused('forecaster', { point: wide }).toThrow(ConfigError);
    await refused('forecaster', { point: wide }).toThrow('layer 1 has 3 heads on a width of 10');
    const long = { op: 'convolution', kernel: 5 } as const;
    const layers = [{ hidden: 8, heads: [long], feedForward: [8] }];
    await refused('forecaster', { point: { layers } }).toThrow('a kernel of 5 on 4 patches');
    await refused('forecaster', { patch: 5 }).toThrow(
      'windows of 12 rows cannot be cut in patches of 5',
    );
    const point = { cells: [cell(), cell({ stride: 13 })] };
    await refused('cnn', { point }).toThrow('cell 2 has no rows left');
  });

  it('are no options where they have no layers or no cells', () => {
    const read = (kind: string, point: unknown) => trainers.get(kind)?.options.safeParse({ point });
    expect(read('forecaster', { layers: [] })?.success).toBe(false);
    expect(read('cnn', { cells: [] })?.success).toBe(false);
    expect(read('cnn', POINTS['cnn']?.['point'])?.success).toBe(true);
  });
});
