import type { PluginModule } from '../../core/plugin-module.ts';
import { extended, type Registry, registry } from '../../core/registry.ts';
import type { Trainer } from '../trainer.ts';
import { firstDifferenceTrainer } from './baselines/first-difference.ts';
import { isolationForestTrainer } from './baselines/isolation-forest.ts';
import { kmeansChannelsTrainer } from './baselines/kmeans-channels.ts';
import { kmeansWindowsTrainer } from './baselines/kmeans-windows.ts';
import { knnTrainer } from './baselines/knn.ts';
import { pcaTrainer } from './baselines/pca.ts';
import { rangeCountTrainer } from './baselines/range-count.ts';
import { robustZTrainer } from './baselines/robust-z.ts';
import { cnn } from './cnn.ts';
import { encoder } from './encoder.ts';
import { ensemble } from './ensemble.ts';
import { forecaster } from './forecaster.ts';
import { foreignTrainers } from './foreign-trainers.ts';
import { gon } from './gon.ts';
import { gonOfficial } from './gon-official.ts';

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
