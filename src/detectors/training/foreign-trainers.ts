// Detectors of plug-ins that say how they are trained: what the baselines share is theirs too.
import { KnownError, PluginError } from '../../core/errors.ts';
import { foreignOptions } from '../../core/foreign-options.ts';
import { pluginFault } from '../../core/plugin-fault.ts';
import type { ForeignDetector, ForeignTraining, PluginModule } from '../../core/plugin-module.ts';
import { type Baseline, baselineTrainer } from '../baselines/training/baseline-trainer.ts';
import { foreignDetector } from '../foreign-detector.ts';
import type { Trainer } from './trainer.ts';

export function foreignTrainers({ name, detectors }: PluginModule): Trainer[] {
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
      );
    },
    async learn(normal, options, context) {
      try {
        return await training.learn(normal, options, context);
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        throw new PluginError(pluginFault(plugin, cause), { cause });
      }
    },
  };
}
