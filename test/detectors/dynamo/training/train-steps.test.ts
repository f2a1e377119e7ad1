// Heads on a trained forecaster: what training leaves as it was, and what the forecaster that skips work then does.
import { beforeAll, describe, expect, it } from 'vitest';
import { scaledRows } from '../../../../src/detection/windows/gridded.ts';
import type { DynamoDesign } from '../../../../src/detectors/dynamo/design.ts';
import { DynamoDistances } from '../../../../src/detectors/dynamo/distances.ts';
import { dynamoOptions } from '../../../../src/detectors/dynamo/training/options.ts';
import { forecaster as detector } from '../../../../src/detectors/forecaster/forecaster.ts';
import { forecaster as trainer } from '../../../../src/detectors/forecaster/train.ts';
import {
  encoderBody,
  type ForecasterDesign,
  ForecastRun,
  forecasterDesign,
} from '../../../../src/detectors/networks/forecast.ts';
import type { TrainingContext } from '../../../../src/detectors/training/trainer.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { quantile } from '../../../../src/engine/statistics.ts';
import type { Model } from '../../../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../../../src/models/model-file.ts';
import { scoreSeries } from '../../training/score-series.ts';
import { toySeries } from '../../training/toy-series.ts';

const kernels = await loadKernels();
const head = { op: 'attention', form: 'scaled' } as const;
const QUICK = {
  rows: 12,
  patch: 3,
  point: { layers: [{ hidden: 16, heads: [head, head], feedForward: [24] }] },
  steps: 300,
  batch: 24,
  learningRate: 5e-3,
};
const FAULT = { channel: 2, from: 134, to: 150 };

function train(
  dynamo?: Record<string, unknown>,
  progress: TrainingContext['progress'] = () => undefined,
): Promise<Model> {
  const options = trainer.options.parse({
    ...QUICK,
    ...(dynamo && { dynamo: { steps: 300, ...dynamo } }),
  });
  return trainer.train(toySeries({ rows: 700, seed: 1 }), options, {
    kernels,
    seed: 5,
    intervalMs: 1000,
    signal: new AbortController().signal,
    progress,
  });
}

function designOf(model: Model): ForecasterDesign & { readonly dynamo: DynamoDesign } {
  const { forecaster } = forecasterDesign.parse(model.design);
  if (!forecaster.dynamo) throw new RangeError('no heads');
  return { ...forecaster, dynamo: forecaster.dynamo };
}

/** The same model with another level of confidence. */
function at(model: Model, given: Partial<DynamoDesign>): Model {
  const design = designOf(model);
  const forecaster = { ...design, dynamo: { ...design.dynamo, ...given } };
  return { ...model, design: { ...model.design, forecaster } };
}

function distancesOf(model: Model, given: Partial<DynamoDesign>): DynamoDistances {
  const design = designOf(at(model, given));
  const run = new ForecastRun('forecaster', encoderBody(design), design, model, kernels);
  return new DynamoDistances(run, design.dynamo, model, kernels);
}

/** What it did and how far it was off, over rows it has not learnt from. */
function measured(model: Model, given: Partial<DynamoDesign>) {
  const distances = distancesOf(model, given);
  const values = scaledRows(toySeries({ rows: 400, seed: 2 }), model.scaler);
  const width = model.channels.length;
  let error = 0;
  for (let end = distances.length * width; end <= values.length; end += width) {
    distances.measure(values, end);
    error += distances.expected.reduce(
      (sum, told, c) => sum + ((values[end - width + c] as number) - told) ** 2,
      0,
    );
  }
  const { counts } = distances;
  return {
    ...counts,
    meanAccepted: counts.accepted / counts.inferences,
    surprisal: counts.surprisal / counts.rows,
    error: error / counts.rows / width,
  };
}

const UNGUARDED = Array.from({ length: 3 }, () => ({ greatest: 1e9, mean: 1e9 }));

const score = (model: Model, rows = 200) =>
  scoreSeries(detector.load(model, kernels), model, toySeries({ rows, seed: 3, fault: [FAULT] }));

describe('options of dynamo', () => {
  it('are off unless told otherwise', () => {
    expect(trainer.options.parse({}).dynamo).toBeUndefined();
    expect(dynamoOptions.parse({})).toMatchObject({ epsB: 1, heads: 3, variant: 'tokens' });
  });

  it('have bounds', () => {
    for (const wrong of [{ epsB: 1.1 }, { heads: 1 }, { guard: 0.2 }, { tolerance: 0 }, { x: 1 }]) {
      expect(dynamoOptions.safeParse(wrong).success).toBe(false);
    }
  });
});

describe.each(['tokens', 'gaussian'])('heads of %s', (variant) => {
  let plain: Model;
  let model: Model;
  beforeAll(async () => {
    plain = await train();
    model = await train({ variant });
  });

  it('leave a frozen forecaster as it was, bit by bit', () => {
    const names = Object.keys(plain.tensors).filter((name) => name.startsWith('forecaster.'));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(model.tensors[name]).toEqual(plain.tensors[name]);
  });

  it('do not change a score at eps_b 1', () => {
    const wanted = score(plain);
    expect(wanted.at(-1)?.value).toBeDefined();
    expect(score(model)).toEqual(wanted);
    expect(model.calibration).toEqual(plain.calibration);
  });

  it('tell steps that the forecaster does not, better than who says that all stays as it is', () => {
    const far = measured(model, { epsB: 0, guards: UNGUARDED });
    const near = measured(model, { epsB: 1 });
    expect(far.meanAccepted).toBe(3);
    expect(far.error).toBeLessThan(6 * near.error);
    expect(far.error).toBeLessThan(0.1);
    expect(far.surprisal).toBeGreaterThan(near.surprisal - 0.05);
  });

  it('save work by how sure they are', () => {
    const work = [0, 0.3, 0.6, 0.9, 1].map((epsB) => measured(model, { epsB }).meanAccepted);
    expect(work[0]).toBeGreaterThan(2.5);
    expect(work.at(-1)).toBe(1);
    for (const [i, accepted] of work.slice(1).entries()) {
      // The runs of one level are at other rows than those of another.
      expect(accepted).toBeLessThanOrEqual((work[i] as number) + 0.1);
    }
    const half = measured(model, { epsB: 0.3 });
    expect(half.inferences + half.accepted - half.rows).toBeGreaterThanOrEqual(half.forcedReruns);
  });

  it('see an anomaly at its first row, as the forecaster itself does', () => {
    const [watchful, wanted] = [score(at(model, { epsB: 0 })), score(plain)];
    const ordinary = wanted.slice(60, FAULT.from).map((each) => each?.value ?? 0);
    expect(wanted[FAULT.from]?.value).toBeGreaterThan(quantile(ordinary, 0.98));
    for (let row = FAULT.from; row < FAULT.from + 4; row += 1) {
      expect(watchful[row]?.value).toBeGreaterThanOrEqual(wanted[row]?.value as number);
    }
  });

  it('are surprised by the share of the rows that the guard admits', () => {
    const { guards } = designOf(model).dynamo;
    expect(guards).toHaveLength(3);
    const { forcedReruns, rows } = measured(model, { epsB: 0 });
    expect(forcedReruns / rows).toBeLessThan(0.05);
  });

  it('are restored from the file of the model', async () => {
    const skipping = at(model, { epsB: 0.3 });
    const restored = await decodeModel(await encodeModel(skipping), 'file');
    expect(score(restored)).toEqual(score(skipping));
  });

  it('are the same for the same seed', async () => {
    expect((await train({ variant })).id).toBe(model.id);
  });
});

describe('training of forecaster and heads', () => {
  it('goes on from one to the other', async () => {
    const fractions: number[] = [];
    await train({ variant: 'gaussian', steps: 20 }, ({ fraction }) => fractions.push(fraction));
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toContain(0.525);
  });
});

describe('heads that learn together with the forecaster', () => {
  it('change it a little, and do not spoil it', async () => {
    const [plain, model] = [await train({ heads: 2 }), await train({ heads: 2, mode: 'joint' })];
    const name = 'forecaster.embedding.weights';
    expect(model.tensors[name]).not.toEqual(plain.tensors[name]);
    const [before, after] = [plain, model].map((each) => measured(each, { epsB: 1 }).error);
    expect(after).toBeLessThan(1.1 * (before as number));
  });

  it('leave it as it was at a rate of 0', async () => {
    const still = await train({ mode: 'joint', baseRate: 0 });
    const plain = await train();
    for (const [name, tensor] of Object.entries(plain.tensors)) {
      if (name.startsWith('forecaster.')) expect(still.tensors[name]).toEqual(tensor);
    }
  });
});
