// From a stream and its model to stages.

import { followBlame } from '../../detection/alerts/follow-blame.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import {
  type ComposedStages,
  composeDecision,
  composeStages,
  limitsFor,
  type StageParts,
} from '../compose/compose.ts';
import type { Stream } from '../compose/stream.ts';
import { type ThresholdMemory, thresholdMemory } from '../compose/threshold-memory.ts';
import type { Watch } from './watch-context.ts';

/** The stages of a stream whose model is known. Throws when the configuration does not fit the model. */
export function prepare(
  stream: Stream,
  model: Model,
  context: Pick<Watch, 'dispatcher' | 'kernels' | 'log' | 'onReport' | 'beside'>,
): ComposedStages {
  const { dispatcher, kernels, log, onReport, beside } = context;
  const { id, config, source, kinds } = stream;
  const memory = memoryOf(stream, model);
  if (source.live && memory.hasOther()) {
    log.info(
      { streamId: id, model: model.id },
      'the alert level is fitted anew: the stored one is of another threshold',
    );
  }
  const parts: StageParts = {
    kinds,
    kernels,
    // a recording is replayed from its start, and so reaches the same state again
    open: source.live ? dispatcher.openAlerts(id) : [],
    learnt: source.live ? memory.recall() : undefined,
    quiet: (timeMs) => dispatcher.daemonControl.isQuiet(id, timeMs),
    budget: () => dispatcher.daemonControl.falseAlarmsPerDay(id),
    observe(report) {
      dispatcher.report(report);
      onReport(report);
    },
  };
  const composed = composeStages(config, model, parts);
  const policy = followBlame(composed.policy, limitsFor(model, config.alerts), {
    channels: watchedChannels(model),
    ...{ scaler: model.scaler, resume: parts.open },
    keptBack: () => dispatcher.daemonControl.keptBack(id),
    follow: (...life) => dispatcher.daemonControl.follow(...life),
  });
  const stages = { ...composed, policy };
  const decide = (rate: number) => composeDecision(config, model, { ...parts, budget: () => rate });
  return beside ? beside(stages, { decide, intervalMs: model.intervalMs }) : stages;
}

/** What a threshold has learnt is kept for each model, and used again with it. */
export function memoryOf({ memoryPath, config }: Stream, { id }: Model): ThresholdMemory {
  return thresholdMemory(`${memoryPath}/${id}.json`, { modelId: id, choice: config.threshold });
}
