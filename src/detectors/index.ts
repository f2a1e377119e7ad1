// The registries of detectors and thresholds, including those of plug-ins.
import type { PluginModule } from '../core/plugin-module.ts';
import { extended, type Registry, registry } from '../core/registry.ts';
import { foreignThreshold } from '../detection/foreign-threshold.ts';
import type { ThresholdPlugin } from '../detection/threshold-plugin.ts';
import { thresholds } from '../detection/thresholds/index.ts';
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
import { foreignDetector } from './foreign-detector.ts';
import { gon } from './gon/gon.ts';
import { gonOfficial } from './gon-official/gon-official.ts';

export const detectors: Registry<DetectorPlugin> = registry<DetectorPlugin>(
  gon,
  encoder,
  ensemble,
  forecaster,
  cnn,
  gonOfficial, // the published program, for comparison in the result tables
  firstDifference,
  isolationForest,
  kmeansChannels,
  kmeansWindows,
  knn,
  pca,
  rangeCount,
  robustZ,
);

// All detectors and thresholds: built-in ones and those of plug-ins.

export interface DetectionKinds {
  readonly detectors: Registry<DetectorPlugin>;
  readonly thresholds: Registry<ThresholdPlugin>;
}

/** Throws `ConfigError` if two detectors or two thresholds have the same name. */
export function detectionKinds(modules: readonly PluginModule[] = []): DetectionKinds {
  return modules.reduce<DetectionKinds>(
    (kinds, module) => ({
      detectors: extended(
        kinds.detectors,
        module.detectors.map((theirs) => foreignDetector(theirs, module.name)),
        { what: 'detector', from: module.name },
      ),
      thresholds: extended(
        kinds.thresholds,
        module.thresholds.map((theirs) => foreignThreshold(theirs, module.name)),
        { what: 'threshold', from: module.name },
      ),
    }),
    { detectors, thresholds },
  );
}
