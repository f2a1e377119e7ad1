import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, WeightsError } from '../../../src/core/errors.ts';
import {
  ENCODER,
  encoderDesign,
  reconstructionNetwork,
} from '../../../src/detectors/encoder/reconstruction.ts';
import { ensembleDesign, FORECASTER } from '../../../src/detectors/ensemble/ensemble.ts';
import { prefixOf, shapeOf } from '../../../src/detectors/gon/design.ts';
import { LinearDistances } from '../../../src/detectors/gon/linear.ts';
import { detectors } from '../../../src/detectors/index.ts';
import {
  cnnBody,
  cnnDesign,
  encoderBody,
  forecasterDesign,
  forecastNetwork,
} from '../../../src/detectors/networks/forecast.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import type { DiscriminatorShape } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { sizeOf } from '../../../src/engine/tape/tensor.ts';
import type { Exporter } from '../../../src/lab/export/exporter.ts';
import { exporters, onnxFiles } from '../../../src/lab/export/index.ts';
import { fromTensors } from '../../../src/models/discriminator.ts';
import type { Model } from '../../../src/models/model.ts';
import { restoreWeights } from '../../../src/models/network-weights.ts';
import { tinyModel } from '../../app/tiny-model.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';
import { SEARCHED } from '../../models/cnn-points.ts';
import { EVERYTHING } from '../../models/encoder-points.ts';
import { hasOnnxRuntime, type OnnxResult, runOnnx } from '../../models/onnx/onnx-runtime.ts';

const FOLDER = new URL('../../../src/lab/export/', import.meta.url);
const BATCH = 4;
const kernels = await loadKernels('auto');

function train(kind: string, options: Record<string, unknown>): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new Error(kind);
  return trainer.train(toySeries({ rows: 500, seed: 1 }), trainer.options.parse(options), {
    kernels,
    seed: 1,
    intervalMs: 1000,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** The GON and a forecaster in one. */
let model: Model;
let encoder: Model;
let official: Model;
let forecaster: Model;
let cnn: Model;

beforeAll(async () => {
  model = await train('ensemble', {
    gon: {
      lengths: [1, 5],
      shapeLengths: [15],
      steps: 60,
      batch: 16,
      memoryWindows: 8,
      memSteps: 1,
    },
    forecaster: { rows: 24, patch: 4, horizon: 3, steps: 20, batch: 8 },
  });
  encoder = await train('encoder', { point: EVERYTHING, rows: 32, patch: 2, steps: 20, batch: 8 });
  official = await train('gon-official', {});
  forecaster = await train('forecaster', { rows: 24, patch: 4, horizon: 3, steps: 20, batch: 8 });
  cnn = await train('cnn', { point: SEARCHED, rows: 24, horizon: 2, steps: 20, batch: 8 });
});

describe('exporters', () => {
  it('are those of the folder, each of a kind of detector', async () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'index.ts');
    const modules = await Promise.all(files.map((file) => import(new URL(file, FOLDER).href)));
    const found = modules.flatMap((module) => Object.values<unknown>(module)).filter(isExporter);
    expect([...exporters.values()].sort(byKind)).toEqual(found.sort(byKind));
    expect(found.filter(({ kind }) => !detectors.has(kind))).toEqual([]);
  });

  it('name a file for each network', () => {
    expect(onnxFiles(model, '1').map(({ graph }) => graph.name)).toEqual([
      'm1',
      'm5',
      'shape15',
      'linear',
      'row',
      'forecaster',
    ]);
    expect(onnxFiles(encoder, '1').map(({ graph }) => graph.name)).toEqual(['encoder']);
    expect(onnxFiles(official, '1').map(({ graph }) => graph.name)).toEqual(['discriminator']);
  });

  it('write the same bytes twice', () => {
    const [first, second] = [onnxFiles(model, '1'), onnxFiles(model, '1')];
    expect(second).toHaveLength(6);
    for (const [i, { bytes }] of second.entries()) {
      expect(Buffer.compare(bytes, first[i]?.bytes as Uint8Array)).toBe(0);
    }
  });

  it('refuse a model without a network by its kind', () => {
    const baseline = tinyModel({ kind: 'knn' });
    expect(() => onnxFiles(baseline, '1')).toThrow(ConfigError);
    expect(() => onnxFiles(baseline, '1')).toThrow(
      'model 0123456789abcdef is a knn, which has no network: export one of gon, encoder, ensemble, forecaster, cnn, gon-official',
    );
  });

  it('refuse a model that lacks a tensor', () => {
    const { 'm5.w2': _, ...tensors } = model.tensors;
    expect(() => onnxFiles({ ...model, tensors }, '1')).toThrow(WeightsError);
    expect(() => onnxFiles({ ...model, tensors }, '1')).toThrow('the model lacks the tensor m5.w2');
  });
});

describe.skipIf(!hasOnnxRuntime)('in ONNX Runtime (python3-onnxruntime)', () => {
  /** By the kind of the model and the name of the network in it. */
  const results = new Map<string, OnnxResult>();
  const windows = new Map<string, Float32Array>();

  beforeAll(() => {
    const files = [model, encoder, official, forecaster, cnn].flatMap((one) =>
      onnxFiles(one, '1').map((file) => ({ ...file, key: keyOf(one, file.graph.name) })),
    );
    const runs = files.map(({ graph, bytes, key }, i) => {
      const lengths = graph.inputs.flatMap((input) => input.shape.slice(1).map(Number));
      const shape = [BATCH, ...lengths];
      const random = createRandom(i);
      const values = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
      windows.set(key, values);
      return { bytes, inputs: { window: { shape, values: [...values] } } };
    });
    for (const [i, result] of runOnnx(runs).entries()) {
      results.set(files[i]?.key as string, result);
    }
  });

  it('members of a GON have the logits of our engine', () => {
    const { gon } = ensembleDesign.parse(model.design);
    for (const member of gon.members) {
      const shape = shapeOf(member, gon.slope, model.channels.length);
      const key = keyOf(model, prefixOf(member));
      expectOutput(key, 'logit', logits(model, key, shape, prefixOf(member)));
    }
  });

  it('the published GON too', () => {
    const shape = { inputs: 15 * 6, hidden1: 16, hidden2: 16, slope: 1 };
    const key = keyOf(official, 'discriminator');
    expectOutput(key, 'logit', logits(official, key, shape, 'd'));
  });

  it('the linear member tells minus the squared distance to its projection', () => {
    const { linear } = ensembleDesign.parse(model.design).gon;
    if (!linear) throw new Error('the GON has no linear member');
    const distances = new LinearDistances(model, { ...linear, halfLives: [1e9] }, kernels);
    const key = keyOf(model, 'linear');
    const values = windows.get(key) as Float32Array;
    const inputs = values.length / BATCH;
    const wanted = Array.from({ length: BATCH }, (_, b) => {
      distances.measure(values.subarray(b * inputs, (b + 1) * inputs), inputs);
      // With a half-life this long the one view weighs all rows alike.
      return -distances.views.perView.reduce((sum, mean) => sum + mean * linear.length, 0);
    });
    expectOutput(key, 'logit', wanted);
  });

  it('an encoder of every head operation has the output of our engine', () => {
    const { encoder: design } = encoderDesign.parse(encoder.design);
    const shape = { batch: BATCH, patches: 'newest' } as const;
    const { tape, input, output } = reconstructionNetwork(design, encoder.channels.length, shape);
    const program = kernels.compile(tape, { outputs: [output] });
    restoreWeights(program.parameters, encoder.tensors, ENCODER);
    const key = keyOf(encoder, ENCODER);
    program.valuesOf(input).set(windows.get(key) as Float32Array);
    program.forward();
    expectOutput(key, 'reconstruction', program.valuesOf(output));
    expect(results.get(key)?.stated).toEqual({
      window: ['batch', 32, 12],
      reconstruction: ['batch', 2, 6],
    });
  });

  it('networks that forecast have the output of our engine', () => {
    const { forecaster: told } = forecasterDesign.parse(forecaster.design);
    const { forecaster: paired } = ensembleDesign.parse(model.design);
    const { cnn: convolved } = cnnDesign.parse(cnn.design);
    if (!paired) throw new Error('the ensemble has no forecaster');
    const networks = [
      [forecaster, FORECASTER, forecastNetwork(encoderBody(told), told, 6, BATCH)],
      [model, FORECASTER, forecastNetwork(encoderBody(paired), paired, 6, BATCH)],
      [cnn, cnn.kind, forecastNetwork(cnnBody(convolved), convolved, 6, BATCH)],
    ] as const;
    for (const [one, name, { tape, input, output }] of networks) {
      const program = kernels.compile(tape, { outputs: [output] });
      restoreWeights(program.parameters, one.tensors, name);
      program.valuesOf(input).set(windows.get(keyOf(one, name)) as Float32Array);
      program.forward();
      expectOutput(keyOf(one, name), 'forecast', program.valuesOf(output));
    }
  });

  it('the file tells what the model is', () => {
    const { metadata, description } = results.get(keyOf(model, 'm5')) as OnnxResult;
    expect(metadata['modelId']).toBe(model.id);
    expect(JSON.parse(metadata['channels'] as string)).toEqual(model.channels);
    expect(JSON.parse(metadata['scaler'] as string)).toEqual(model.scaler);
    expect(JSON.parse(metadata['windowLength'] as string)).toBe(model.windowLength);
    expect(JSON.parse(metadata['design'] as string)).toEqual(model.design);
    expect(description).toBe(
      'Logit of the discriminator for windows of 5 rows by 6 channels, oldest row first, scaled.',
    );
  });

  function logits(
    { tensors }: Model,
    key: string,
    shape: DiscriminatorShape,
    prefix: string,
  ): Float32Array {
    const discriminator = kernels.discriminator(shape, BATCH);
    fromTensors(tensors, prefix, discriminator.weights);
    discriminator.x.set(windows.get(key) as Float32Array);
    discriminator.forward(BATCH);
    return discriminator.logits;
  }

  function expectOutput(key: string, output: string, wanted: ArrayLike<number>): void {
    const found = results.get(key)?.outputs[output]?.values ?? [];
    expect(found).toHaveLength(wanted.length);
    for (const [i, value] of found.entries()) {
      const expected = wanted[i] as number;
      expect(Math.abs(value - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-5);
    }
  }
});

function keyOf({ kind }: Model, network: string): string {
  return `${kind} ${network}`;
}

function isExporter(value: unknown): value is Exporter {
  return typeof value === 'object' && value !== null && 'kind' in value && 'graphs' in value;
}

function byKind(a: Exporter, b: Exporter): number {
  return a.kind < b.kind ? -1 : 1;
}
