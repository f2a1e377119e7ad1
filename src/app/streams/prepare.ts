// From a stream and its model to stages.

import type { Model } from '../../models/model.ts';
import {
  type ComposedStages,
  composeDecision,
  composeStages,
  type StageParts,
} from '../compose.ts';
import type { Stream } from './stream.ts';
import { type ThresholdMemory, thresholdMemory } from './threshold-memory.ts';
import type { Watch } from './watch-context.ts';

/** The stages of a stream whose model is known. Throws when the configuration does not fit the model. */
export function prepare(
  stream: Stream,
  model: Model,
  { outlet, kernels, onReport, beside }: Pick<Watch, 'outlet' | 'kernels' | 'onReport' | 'beside'>,
): ComposedStages {
  const { id, config, source, kinds } = stream;
  const parts: StageParts = {
    kinds,
    kernels,
    // a recording is replayed from its start, and comes by what its first run knew again
    open: source.live ? outlet.openAlerts(id) : [],
    learnt: source.live ? memoryOf(stream, model).recall() : undefined,
    quiet: (timeMs) => outlet.desk.isQuiet(id, timeMs),
    normalHeight: () => outlet.desk.normalHeight(id, model.id),
    budget: () => outlet.desk.falseAlarmsPerDay(id),
    observe(report) {
      outlet.report(report);
      onReport(report);
    },
  };
  const stages = composeStages(config, model, parts);
  const decide = (rate: number) => composeDecision(config, model, { ...parts, budget: () => rate });
  return beside ? beside(stages, { decide, intervalMs: model.intervalMs }) : stages;
}

/** What a threshold has learnt belongs to its model, and comes back with it. */
export function memoryOf({ memoryPath, config }: Stream, { id }: Model): ThresholdMemory {
  return thresholdMemory(`${memoryPath}/${id}.json`, { modelId: id, choice: config.threshold });
}
