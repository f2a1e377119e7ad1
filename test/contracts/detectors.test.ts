import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Detector } from '../../src/core/detector.ts';
import { CalibrationError, ShapeError, WeightsError } from '../../src/core/errors.ts';
import type { Series } from '../../src/core/series.ts';
import type { Window } from '../../src/core/window.ts';
import type { DetectorPlugin } from '../../src/detectors/detector-plugin.ts';
import { detectors } from '../../src/detectors/index.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { quantile } from '../../src/engine/statistics.ts';
import { scoreSeries } from '../../src/lab/series/score-series.ts';
import type { Model } from '../../src/models/model.ts';
import { ordinarySeries, PLANTED, plantedSeries } from './planted.ts';

const TRAIN_ROWS = 1200;
/** Short: the planted anomaly stands out as much as after three times the steps, and each network is trained twice here. */
const FIT = { steps: 100, batch: 32 };
const QUICK: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  gon: FIT,
  ensemble: { gon: FIT, forecaster: FIT },
  encoder: FIT,
  forecaster: FIT,
  cnn: FIT,
};
const folder = new URL('../../src/detectors/', import.meta.url);

async function pluginsInFolder(): Promise<DetectorPlugin[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== 'index.ts' && !file.includes('train'),
  );
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is DetectorPlugin => isPlugin(value));
}

function isPlugin(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && 'load' in value;
}

function train(kind: string, kernels: Kernels, series: Series, seed = 7): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new Error(`no trainer for ${kind}`);
  return trainer.train(series, trainer.options.parse(QUICK[kind] ?? {}), {
    kernels,
    seed,
    intervalMs: 1000,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
}

function windowOf(values: Float32Array, length: number, width: number): Window {
  const latest = Float64Array.from(values.subarray(-width));
  return { streamId: 's', endMs: 0, length, width, values, latest, imputed: 0 };
}

const COUNTED = { id: 'network', unit: 'B' };

/** An ordinary series whose traffic is counted since it was `counted`, instead of told by the second. */
function countedSeries(rows: number, seed: number, counted: number): Series {
  const series = ordinarySeries(rows, seed);
  let sum = counted;
  for (let row = 0; row < rows; row++) {
    sum += Math.round(series.values[row * 3 + 1] as number);
    series.values[row * 3 + 1] = sum;
  }
  return {
    ...series,
    channels: series.channels.map((channel, c) => (c === 1 ? COUNTED : channel)),
  };
}

describe('detector registry', () => {
  it('lists every detector of the folder under its own kind', async () => {
    const found = await pluginsInFolder();
    expect(found.length).toBeGreaterThan(1);
    for (const plugin of found) expect(detectors.get(plugin.kind)).toBe(plugin);
    expect(detectors.size).toBe(found.length);
  });

  it('has a trainer for every kind', () => {
    expect([...trainers.keys()].sort()).toEqual([...detectors.keys()].sort());
  });
});

describe.each([...detectors.keys()])('detector %s', (kind) => {
  let kernels: Kernels;
  let model: Model;
  let detector: Detector;

  beforeAll(async () => {
    kernels = await loadKernels('auto');
    model = await train(kind, kernels, ordinarySeries(TRAIN_ROWS));
    detector = load(model);
  });

  function load(from: Model): Detector {
    const plugin = detectors.get(kind);
    if (!plugin) throw new Error(kind);
    return plugin.load(from, kernels);
  }

  function noise(scale: number): Window {
    const cells = model.windowLength * 3;
    const values = Float32Array.from({ length: cells }, (_, i) => scale * Math.sin(i * 12.9898));
    return windowOf(values, model.windowLength, 3);
  }

  it('gives the same score for the same window, whatever it saw between', () => {
    const before = detector.score(noise(1));
    detector.score(noise(9));
    const after = detector.score(noise(1));
    expect(after).toEqual(before);
    expect(load(model).score(noise(1))).toEqual(before);
  });

  it('leaves the window as it was', () => {
    const window = noise(3);
    const copy = window.values.slice();
    detector.score(window);
    expect(window.values).toEqual(copy);
  });

  it('scores at least 0, split into channel shares of at least 0 that sum to it', () => {
    for (const scale of [0, 0.1, 1, 5, 10]) {
      const { value, perChannel } = detector.score(noise(scale));
      const sum = perChannel.reduce((total, share) => total + share, 0);
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(perChannel).toHaveLength(3);
      expect(Math.min(...perChannel)).toBeGreaterThanOrEqual(0);
      // Shares are float32: 24 bits each.
      expect(Math.abs(sum - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, value));
    }
  });

  it('says what the newest row should have been, one finite value a channel, if anything', () => {
    const { expected = [0, 0, 0] } = detector.score(noise(2));
    expect(expected).toHaveLength(3);
    expect(expected.every(Number.isFinite)).toBe(true);
  });

  it('scores a stream that has only begun with finite scores', () => {
    const { scores } = scoreSeries(plantedSeries(100, 0), { detector, model });
    expect(scores.every(Number.isFinite)).toBe(true);
  });

  it('refuses windows of another length or width', () => {
    const longer = windowOf(
      new Float32Array((model.windowLength + 1) * 3),
      model.windowLength + 1,
      3,
    );
    const wider = windowOf(new Float32Array(model.windowLength * 4), model.windowLength, 4);
    expect(() => detector.score(longer)).toThrow(ShapeError);
    expect(() => detector.score(wider)).toThrow(ShapeError);
  });

  it('refuses a model without its tensors', ({ skip }) => {
    skip(Object.keys(model.tensors).length === 0, 'has none');
    expect(() => load({ ...model, tensors: {} })).toThrow(WeightsError);
  });

  it('finds the planted anomaly and blames its channel', () => {
    const series = plantedSeries(400, TRAIN_ROWS * 1000);
    const warmUp = ordinarySeries(TRAIN_ROWS);
    const { scores, perChannel } = scoreSeries(series, { detector, model, warmUp });
    const ordinary = scores.filter((_, row) => row < PLANTED.start);
    const planted = scores.subarray(PLANTED.start + 2, PLANTED.end);
    expect(quantile(planted, 0.5)).toBeGreaterThan(quantile(ordinary, 0.95));
    const blame = new Float64Array(3);
    for (let row = PLANTED.start; row < PLANTED.end; row++) {
      for (let c = 0; c < 3; c++)
        blame[c] = (blame[c] as number) + (perChannel[row * 3 + c] as number);
    }
    expect(blame.indexOf(Math.max(...blame))).toBe(PLANTED.channel);
  });

  it('calibrates on a held-back tail with finite scores', () => {
    expect(model.calibration.length).toBeGreaterThan(20);
    expect(model.calibration.length).toBeLessThanOrEqual(TRAIN_ROWS * 0.2);
    expect(model.calibration.every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
  });

  it('trains to the same model from the same series and seed', async () => {
    const again = await train(kind, kernels, ordinarySeries(TRAIN_ROWS));
    expect(again.id).toBe(model.id);
  });

  it('learns a counter by its rate, so that it matters not how far it has counted (#19)', async () => {
    const trained = await train(kind, kernels, countedSeries(TRAIN_ROWS, 1, 0));
    expect(trained.channels[1]).toEqual(COUNTED);
    expect(trained.rates).toMatchObject([{ channel: 1, unit: 'B/s' }]);
    const scoresAt = (counted: number) => {
      const parts = { detector: load(trained), model: trained };
      return scoreSeries(countedSeries(300, 2, counted), parts).scores;
    };
    expect(scoresAt(2 ** 50)).toEqual(scoresAt(2 ** 20));
  });

  it('refuses to train on too few rows', async () => {
    await expect(train(kind, kernels, ordinarySeries(12))).rejects.toThrow(CalibrationError);
  });
});
