// Networks that were trained on host-faults, as they are, with thresholds, narrowed, and with zeros learnt in training; kept as model
// files, so that a table can be written again without a training.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataRoots } from '../../src/app/cli/data-sets.ts';
import { lookUp, parseOptions } from '../../src/core/registry.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { leanModel } from '../../src/lab/compression/lean-model.ts';
import { openDataset } from '../../src/lab/datasets/dataset.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import type { Model } from '../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../src/models/model-file.ts';

const SEED = 1;

export interface TrainedNetworks {
  readonly series: LabelledSeries;
  readonly forecaster: Model;
  readonly dynatran: Model;
  readonly columns: Model;
  readonly modegpt: Model;
  readonly both: Model;
  /** With a relu, which leaves more empty, and half of the activations and .7 of the rows of gradients left out. */
  readonly dynaprop: Model;
  readonly encoder: Model;
  readonly gon: Model;
}

const DYNAPROP = { activation: 'relu', dynaprop: { activations: 0.5, gradients: 0.7 } };
const COLUMNS = { sparsity: 0.5, form: 'columns' };

/** Trains what the folder does not hold yet: minutes. */
export async function trainedNetworks(kernels: Kernels, folder: string): Promise<TrainedNetworks> {
  mkdirSync(folder, { recursive: true });
  const dataset = openDataset('host-faults', ...dataRoots(undefined));
  const series = dataset.read(dataset.series[0] ?? '');
  const { signal } = new AbortController();

  const kept = async (name: string, make: () => Promise<Model>): Promise<Model> => {
    const path = join(folder, `${name}.safetensors`);
    if (existsSync(path)) return await decodeModel(readFileSync(path), path);
    const model = await make();
    writeFileSync(path, await encodeModel(model));
    return model;
  };
  const trained = (name: string, kind: string, given: object = {}) =>
    kept(name, () => {
      const trainer = lookUp(trainers, kind, 'detector');
      const options = parseOptions(trainer.options, given, `detector ${kind}`);
      return trainer.train(series.train, options, {
        ...{ kernels, seed: SEED, intervalMs: series.intervalMs },
        ...{ signal, progress: () => undefined },
      });
    });
  const lean = (name: string, parent: Model, method: string, options: Record<string, unknown>) =>
    kept(name, async () => {
      const context = { kernels, signal, progress: () => undefined };
      return (await leanModel(parent, series.train, { method, options }, context)).model;
    });

  const forecaster = await trained('forecaster', 'forecaster');
  const modegpt = await lean('modegpt', forecaster, 'modegpt', { ratio: 0.3 });
  return {
    ...{ series, forecaster, modegpt },
    dynaprop: await trained('dynaprop', 'forecaster', DYNAPROP),
    dynatran: await lean('dynatran', forecaster, 'dynatran', { sparsity: 0.5 }),
    columns: await lean('columns', forecaster, 'dynatran', COLUMNS),
    both: await lean('both', modegpt, 'dynatran', { sparsity: 0.5 }),
    encoder: await trained('encoder', 'encoder'),
    gon: await trained('gon', 'gon'),
  };
}
