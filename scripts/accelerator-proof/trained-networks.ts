// Networks that were trained on host-faults, as they are, with thresholds, narrowed, and with zeros learnt in training; kept as model
// files, so that a table can be written again without a training.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataRoots } from '../../src/app/cli/data-sets.ts';
import { lookUp, parseOptions } from '../../src/core/registry.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import type { MultiplicationCounter } from '../../src/engine/tape/counting.ts';
import { leanModel } from '../../src/lab/compression/lean-model.ts';
import { openDataset } from '../../src/lab/datasets/dataset.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import type { Model } from '../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../src/models/model-file.ts';

const SEED = 1;

export interface TrainingZeros {
  /** Shares of the multiplications that products of the training made, forward and back. */
  readonly forward: number;
  readonly back: number;
}

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
  readonly trainingZeros: TrainingZeros;
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
  const trained = (name: string, kind: string, given: object = {}, by: Kernels = kernels) =>
    kept(name, () => {
      const trainer = lookUp(trainers, kind, 'detector');
      const options = parseOptions(trainer.options, given, `detector ${kind}`);
      return trainer.train(series.train, options, {
        ...{ kernels: by, seed: SEED, intervalMs: series.intervalMs },
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
  const counted = countingTrainings(kernels);
  const dynaprop = await trained('dynaprop', 'forecaster', DYNAPROP, counted.kernels);
  return {
    ...{ series, forecaster, modegpt, dynaprop },
    dynatran: await lean('dynatran', forecaster, 'dynatran', { sparsity: 0.5 }),
    columns: await lean('columns', forecaster, 'dynatran', COLUMNS),
    both: await lean('both', modegpt, 'dynatran', { sparsity: 0.5 }),
    encoder: await trained('encoder', 'encoder'),
    gon: await trained('gon', 'gon'),
    trainingZeros: keptZeros(join(folder, 'dynaprop.json'), counted.made),
  };
}

function keptZeros(path: string, made: () => TrainingZeros | undefined): TrainingZeros {
  const found = made() ?? (JSON.parse(readFileSync(path, 'utf8')) as TrainingZeros); // our own file
  writeFileSync(path, JSON.stringify(found));
  return found;
}

/** The same kernels, which count what trainings multiply, forward and back; validations are not counted. */
function countingTrainings(kernels: Kernels) {
  const none = () => ({ issued: 0, skipped: 0 });
  const all = { forward: none(), back: none() };
  return {
    made: (): TrainingZeros | undefined =>
      all.back.issued === 0 ? undefined : { forward: madeOf(all.forward), back: madeOf(all.back) },
    kernels: {
      ...kernels,
      compile(...[tape, options]: Parameters<Kernels['compile']>) {
        if (!options?.loss) return kernels.compile(tape, options);
        const counter = none();
        const program = kernels.compile(tape, { ...options, counter });
        let before = none();
        return {
          ...program,
          forward() {
            Object.assign(counter, none());
            program.forward();
            before = { ...counter };
          },
          backward() {
            Object.assign(counter, none());
            program.backward();
            add(all.forward, before);
            add(all.back, counter);
          },
        };
      },
    } satisfies Kernels,
  };
}

type Counts = { -readonly [Part in keyof MultiplicationCounter]: number };

function add(to: Counts, { issued, skipped }: Counts): void {
  to.issued += issued;
  to.skipped += skipped;
}

function madeOf({ issued, skipped }: Counts): number {
  return issued / (issued + skipped);
}
