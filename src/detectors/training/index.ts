import type { PluginModule } from '../../core/plugin-module.ts';
import { extended, type Registry, registry } from '../../core/registry.ts';
import { firstDifferenceTrainer } from '../baselines/first-difference/train.ts';
import { isolationForestTrainer } from '../baselines/isolation-forest/train.ts';
import { kmeansChannelsTrainer } from '../baselines/kmeans-channels/train.ts';
import { kmeansWindowsTrainer } from '../baselines/kmeans-windows/train.ts';
import { knnTrainer } from '../baselines/knn/train.ts';
import { pcaTrainer } from '../baselines/pca/train.ts';
import { rangeCountTrainer } from '../baselines/range-count/train.ts';
import { robustZTrainer } from '../baselines/robust-z/train.ts';
import { cnn } from '../cnn/train.ts';
import { encoder } from '../encoder/train.ts';
import { ensemble } from '../ensemble/train.ts';
import { forecaster } from '../forecaster/train.ts';
import { gon } from '../gon/train.ts';
import { gonOfficial } from '../gon-official/train.ts';
import { foreignTrainers } from './foreign-trainers.ts';
import type { Trainer } from './trainer.ts';

// A trainer's options are checked by its own schema before they reach it, so the registry need not know their types.
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

/** Ours, and those of plug-ins. Throws `ConfigError` when two of a kind have one name. */
export function trainersWith(modules: readonly PluginModule[]): Registry<Trainer> {
  return modules.reduce(
    (all, module) =>
      extended(all, foreignTrainers(module), { what: 'detector', from: module.name }),
    trainers,
  );
}
