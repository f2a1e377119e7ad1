// The registry of trainers, including those of plug-ins.
import { KnownError, PluginError } from '../../core/errors.ts';
import { foreignOptions } from '../../core/foreign-options.ts';
import { pluginFault } from '../../core/plugin-fault.ts';
import type { ForeignDetector, ForeignTraining, PluginModule } from '../../core/plugin-module.ts';
import { extended, type Registry, registry } from '../../core/registry.ts';
import { firstDifferenceTrainer } from '../baselines/first-difference/train.ts';
import { isolationForestTrainer } from '../baselines/isolation-forest/train.ts';
import { kmeansChannelsTrainer } from '../baselines/kmeans-channels/train.ts';
import { kmeansWindowsTrainer } from '../baselines/kmeans-windows/train.ts';
import { knnTrainer } from '../baselines/knn/train.ts';
import { pcaTrainer } from '../baselines/pca/train.ts';
import { rangeCountTrainer } from '../baselines/range-count/train.ts';
import { robustZTrainer } from '../baselines/robust-z/train.ts';
import { type Baseline, baselineTrainer } from '../baselines/training/baseline-trainer.ts';
import { cnn } from '../cnn/train.ts';
import { encoder } from '../encoder/train.ts';
import { ensemble } from '../ensemble/train.ts';
import { forecaster } from '../forecaster/train.ts';
import { foreignDetector } from '../foreign-detector.ts';
import { gon } from '../gon/train.ts';
import { gonOfficial } from '../gon-official/train.ts';
import type { Trainer } from './trainer.ts';

// A trainer's schema checks its options before the trainer gets them, so the registry does not need their types.
export const trainers: Registry<Trainer> = registry<Trainer>(
  gon as Trainer,
  encoder as Trainer,
  ensemble as Trainer,
  forecaster as Trainer,
  cnn as Trainer,
  gonOfficial as Trainer,
  firstDifferenceTrainer as Trainer,
  isolationForestTrainer as Trainer,
  kmeansChannelsTrainer as Trainer,
  kmeansWindowsTrainer as Trainer,
  knnTrainer as Trainer,
  pcaTrainer as Trainer,
  rangeCountTrainer as Trainer,
  robustZTrainer as Trainer,
);

/** Built-in trainers and those of plug-ins. Throws `ConfigError` if two have the same name. */
export function trainersWith(modules: readonly PluginModule[]): Registry<Trainer> {
  return modules.reduce(
    (all, module) =>
      extended(all, foreignTrainers(module), { what: 'detector', from: module.name }),
    trainers,
  );
}

function foreignTrainers({ name, detectors }: PluginModule): Trainer[] {
  return detectors.flatMap((theirs) =>
    theirs.training ? [baselineTrainer(baselineOf(theirs, theirs.training, name))] : [],
  );
}

function baselineOf(
  theirs: ForeignDetector,
  training: ForeignTraining,
  plugin: string,
): Baseline<unknown> {
  return {
    detector: foreignDetector(theirs, plugin),
    options: foreignOptions(training.options, plugin),
    scaler: training.scaler,
    windowLength(options) {
      const length = training.windowLength(options);
      if (Number.isInteger(length) && length >= 1) return length;
      throw new PluginError(
        `plug-in ${plugin}: windowLength of '${theirs.kind}' gave ${length}, expected a whole number of rows`,
        { code: 'SEN_PLG_TRAINER' },
      );
    },
    async learn(normal, options, context) {
      try {
        return await training.learn(normal, options, context);
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        throw new PluginError(pluginFault(plugin, cause), { code: 'SEN_PLG_TRAINER', cause });
      }
    },
  };
}
