import { type Registry, registry } from '../../core/registry.ts';
import type { DetectorPlugin } from '../detector-plugin.ts';
import { cnn } from './cnn.ts';
import { encoder } from './encoder.ts';
import { ensemble } from './ensemble.ts';
import { firstDifference } from './first-difference.ts';
import { forecaster } from './forecaster.ts';
import { gon } from './gon.ts';
import { gonOfficial } from './gon-official.ts';
import { isolationForest } from './isolation-forest.ts';
import { kmeansChannels } from './kmeans-channels.ts';
import { kmeansWindows } from './kmeans-windows.ts';
import { knn } from './knn.ts';
import { pca } from './pca.ts';
import { rangeCount } from './range-count.ts';
import { robustZ } from './robust-z.ts';

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
