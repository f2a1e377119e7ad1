import { type Registry, registry } from '../core/registry.ts';
import { firstDifference } from './baselines/first-difference/score.ts';
import { isolationForest } from './baselines/isolation-forest/score.ts';
import { kmeansChannels } from './baselines/kmeans-channels/score.ts';
import { kmeansWindows } from './baselines/kmeans-windows/score.ts';
import { knn } from './baselines/knn/score.ts';
import { pca } from './baselines/pca/score.ts';
import { rangeCount } from './baselines/range-count/score.ts';
import { robustZ } from './baselines/robust-z/score.ts';
import { cnn } from './cnn/cnn.ts';
import type { DetectorPlugin } from './detector-plugin.ts';
import { encoder } from './encoder/encoder.ts';
import { ensemble } from './ensemble/ensemble.ts';
import { forecaster } from './forecaster/forecaster.ts';
import { gon } from './gon/gon.ts';
import { gonOfficial } from './gon-official/gon-official.ts';

export const detectors: Registry<DetectorPlugin> = registry<DetectorPlugin>(
  gon,
  encoder,
  ensemble,
  forecaster,
  cnn,
  gonOfficial, // the published program, a rival for the tables
  firstDifference,
  isolationForest,
  kmeansChannels,
  kmeansWindows,
  knn,
  pca,
  rangeCount,
  robustZ,
);
