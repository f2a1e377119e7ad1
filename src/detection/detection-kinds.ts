// The detectors and thresholds there are: ours, and those of plug-ins.
import type { PluginModule } from '../core/plugin-module.ts';
import { extended, type Registry } from '../core/registry.ts';
import type { DetectorPlugin } from './detector-plugin.ts';
import { detectors } from './detectors/index.ts';
import { foreignDetector } from './foreign-detector.ts';
import { foreignThreshold } from './foreign-threshold.ts';
import type { ThresholdPlugin } from './threshold-plugin.ts';
import { thresholds } from './thresholds/index.ts';

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
