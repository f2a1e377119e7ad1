// The detectors and thresholds there are: ours, and those of plug-ins.
import type { PluginModule } from '../core/plugin-module.ts';
import { extended, type Registry } from '../core/registry.ts';
import { foreignThreshold } from '../detection/foreign-threshold.ts';
import type { ThresholdPlugin } from '../detection/threshold-plugin.ts';
import { thresholds } from '../detection/thresholds/index.ts';
import type { DetectorPlugin } from './detector-plugin.ts';
import { foreignDetector } from './foreign-detector.ts';
import { detectors } from './index.ts';

export interface DetectionKinds {
  readonly detectors: Registry<DetectorPlugin>;
  readonly thresholds: Registry<ThresholdPlugin>;
}

/** Throws `ConfigError` when two of a kind have one name. */
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
