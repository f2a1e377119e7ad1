import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CalibrationError,
  ConfigError,
  PluginError,
  ShapeError,
  WeightsError,
} from '../../../src/core/errors.ts';
import { foreignOptions } from '../../../src/core/foreign-options.ts';
import type { ForeignDetector, PluginPlace } from '../../../src/core/plugin-module.ts';
import type { Window } from '../../../src/core/window.ts';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { foreignThreshold } from '../../../src/detection/foreign-threshold.ts';
import { gapOptions } from '../../../src/detection/windows/window-options.ts';
import { foreignDetector } from '../../../src/detectors/foreign-detector.ts';
import { runTraining } from '../../../src/detectors/training/run-training.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { retrainInWorker } from '../../../src/lab/retraining/retraining.ts';
import type { Model } from '../../../src/models/model.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';
import { THRESHOLD_CONTEXT } from '../../threshold-context.ts';
import { folderWith, ONE_OF_EACH } from './plugin-folder.ts';

const never = new AbortController().signal;
const seeded = { seed: 1, intervalMs: 1000 };

describe('a detector of a plug-in', () => {
  let folder = '';
  let plugins: PluginPlace[];
  let model: Model;

  beforeAll(async () => {
    folder = folderWith({ 'acme.mjs': ONE_OF_EACH }, mkdtempSync(join(tmpdir(), 'sentigon-')));
    const url = pathToFileURL(join(folder, 'acme.mjs')).href;
    plugins = [{ named: './acme.mjs', url }];
    model = await train({ steps: 3 });
  });

  async function train(options: unknown): Promise<Model> {
    const series = toySeries({ rows: 900, seed: 1 });
    const task = { kind: 'distance', series, options, ...seeded, plugins };
    return runTraining(task, await loadKernels('plain'), () => undefined);
  }

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is trained, scaled and calibrated as ours are', () => {
    expect(model).toMatchObject({ kind: 'distance', windowLength: 3 });
    expect(model.tensors['mean']?.data).toHaveLength(model.channels.length);
    expect(model.calibration.length).toBeGreaterThan(100);
  });

  it('has its training options checked by the plug-in', async () => {
    const wrong = train({ steps: 'x' });
    await expect(wrong).rejects.toThrow(ConfigError);
    await expect(wrong).rejects.toThrow(/detector distance: steps: plug-in acme: expected a whole/);
  });

  it('is trained again in a thread, which loads the plug-in for itself', async () => {
    const task = {
      ...{ detector: 'distance', options: { steps: 3 }, ...seeded, plugins },
      series: toySeries({ rows: 1500, seed: 2 }),
      live: { model, learnt: {} },
      settings: {
        threshold: { kind: 'constant', options: {} },
        alerts: alertOptions.parse({}),
        windows: gapOptions.parse({}),
      },
    };
    // its `fit` throws: a state, which it takes, is known of the live model only
    const retraining = retrainInWorker(task, { signal: never });
    await expect(retraining).rejects.toThrow(CalibrationError);
    await expect(retraining).rejects.toThrow(/^plug-in acme: never fits/);
    const quantile = { ...task.settings, threshold: { kind: 'quantile', options: {} } };
    const { trial } = await retrainInWorker(
      { ...task, live: { model }, settings: quantile },
      { signal: never },
    );
    expect(trial).toMatchObject({ rows: 300, objection: undefined });
  });

  describe('that does not keep the contract', () => {
    const windowOf = (length: number, width = model.channels.length): Window => ({
      ...{ streamId: 's', endMs: 0, length, width, imputed: 0 },
      values: new Float32Array(length * width),
      latest: new Float64Array(width),
    });
    const loaded = async (made: object) => {
      const theirs = { kind: 'distance', summary: '', load: () => made } as ForeignDetector;
      return foreignDetector(theirs, 'acme').load(model, await loadKernels('plain'));
    };

    it.each([
      [
        'is no number',
        { value: Number.NaN, perChannel: new Float32Array(3) },
        /gave the score NaN/,
      ],
      ['is below 0', { value: -1, perChannel: new Float32Array(3) }, /gave the score -1/],
      ['has no shares', { value: 1 }, /gave no shares, expected one for each of 6 channels/],
    ])('fails by name when a score %s', async (_, score, reason) => {
      const detector = await loaded({ windowLength: 3, score: () => score });
      expect(() => detector.score(windowOf(3))).toThrow(PluginError);
      expect(() => detector.score(windowOf(3))).toThrow(reason);
    });

    it('never sees a window of another shape', async () => {
      const detector = await loaded({ windowLength: 3, score: () => ({}) });
      expect(() => detector.score(windowOf(4))).toThrow(ShapeError);
      expect(() => detector.score(windowOf(3, 9))).toThrow(ShapeError);
    });

    it('is refused when it loads something else, or not at all', async () => {
      await expect(loaded({ windowLength: 9, score: () => ({}) })).rejects.toThrow(
        /windowLength 9, expected the model's 3/,
      );
      const throwing = foreignDetector(
        {
          ...{ kind: 'distance', summary: '' },
          load() {
            throw new Error('no mean');
          },
        },
        'acme',
      );
      const kernels = await loadKernels('plain');
      expect(() => throwing.load(model, kernels)).toThrow(WeightsError);
      expect(() => throwing.load(model, kernels)).toThrow(/plug-in acme: no mean/);
    });
  });
});

describe('a threshold of a plug-in', () => {
  it('fails by name when it throws or lacks a method', () => {
    const make = (made: object) =>
      foreignThreshold({ kind: 'x', summary: '', create: () => made }, 'acme').create(
        {},
        THRESHOLD_CONTEXT,
      );
    expect(() => make({ fit() {}, judge() {} })).toThrow(/without learn, reject, state, restore/);
    const boom = () => {
      throw new Error('boom');
    };
    const all = { fit: boom, judge: boom, learn: boom, reject: boom, state: boom, restore: boom };
    expect(() => make(all).judge(1)).toThrow(PluginError);
    expect(() => make(all).restore({})).toThrow(CalibrationError);
  });

  it('may promise a rate, and promises nothing where that is none (#19)', () => {
    const nothing = () => undefined;
    const methods = { fit: nothing, judge: nothing, learn: nothing, reject: nothing };
    const promiseOf = (more: object) => {
      const made = { ...methods, state: nothing, restore: nothing, ...more };
      const theirs = { kind: 'x', summary: '', create: () => made } as Parameters<
        typeof foreignThreshold
      >[0];
      return foreignThreshold(theirs, 'acme').create({}, THRESHOLD_CONTEXT).promise?.();
    };
    const promise = { falseAlarmsPerDay: 2, asked: 1, seenDays: 3 };
    expect(promiseOf({ promise: () => promise })).toEqual(promise);
    expect(promiseOf({})).toBeUndefined();
    expect(promiseOf({ promise: () => ({ ...promise, asked: 'many' }) })).toBeUndefined();
    const boom = () => {
      throw new Error('boom');
    };
    expect(promiseOf({ promise: boom })).toBeUndefined();
  });
});

describe('options of a plug-in', () => {
  const schemaOf = (validate: (value: unknown) => never) =>
    foreignOptions({ '~standard': { version: 1, vendor: 'x', validate } }, 'acme');

  it('have to be checked at once, and a schema that throws is a fault', () => {
    const later = schemaOf(() => Promise.resolve({ value: 1 }) as never);
    expect(later.safeParse({}).error?.issues[0]?.message).toMatch(/expected a schema that answers/);
    const broken = schemaOf(() => {
      throw new Error('no schema');
    });
    expect(broken.safeParse({}).error?.issues[0]?.message).toMatch(/plug-in acme: no schema/);
  });

  it('may be described by any library, path and all', () => {
    const issues = [{ message: 'too low', path: ['a', { key: 1 }] }];
    const { error } = schemaOf(() => ({ issues }) as never).safeParse({});
    expect(error?.issues).toMatchObject([{ message: 'plug-in acme: too low', path: ['a', 1] }]);
  });
});
