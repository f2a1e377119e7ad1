// From a stream and its model to stages.

import type { AlertLife } from '../../detection/alerts/policy.ts';
import type { Model } from '../../models/model.ts';
import {
  type ComposedStages,
  composeDecision,
  composeStages,
  type StageParts,
} from '../compose/compose.ts';
import type { Stream } from '../compose/stream.ts';
import {
  type OpenUntilMemory,
  openUntilMemory,
  type ThresholdMemory,
  thresholdMemory,
  type UsualMemory,
  usualMemory,
} from '../compose/threshold-memory.ts';
import type { Watch } from './watch-context.ts';

/**
 * The stages of a stream whose model is known, which go on with its open alerts; `before` is the policy that followed them until
 * now, if it runs in this process. Throws when the configuration does not fit the model.
 */
export function prepare(
  stream: Stream,
  model: Model,
  context: Pick<Watch, 'dispatcher' | 'kernels' | 'log' | 'onReport' | 'beside'>,
  before?: Pick<AlertLife, 'left'>,
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
  const open = dispatcher.openAlerts(id).map((alert) => before?.left(alert) ?? alert);
  const parts: StageParts = {
    kinds,
    kernels,
    // a recording is replayed from its start, and so reaches the same state again
    open: source.live ? [...open, ...dispatcher.accepted(id, model.id)] : [],
    openUntil: source.live && !before ? openUntilMemoryOf(stream).recall() : undefined,
    learnt: source.live ? memory.recall() : undefined,
    usual: source.live ? usualMemoryOf(stream).recall() : undefined,
    quiet: (timeMs) => dispatcher.daemonControl.isQuiet(id, timeMs),
    disturbed: () => disturbed(stream, model, context),
    blame: {
      keptBack: () => dispatcher.daemonControl.keptBack(id),
      follow: (...life) => dispatcher.daemonControl.follow(...life),
    },
    budget: () => dispatcher.daemonControl.falseAlarmsPerDay(id),
    observe(report) {
      dispatcher.report(report);
      onReport(report);
    },
  };
  const stages = composeStages(config, model, parts);
  const { blame: _, ...besides } = parts; // what is tried beside follows nothing
  const decide = (rate: number) =>
    composeDecision(config, model, { ...besides, budget: () => rate });
  return beside ? beside(stages, { decide, intervalMs: model.intervalMs }) : stages;
}

/** Whether the daemon's own trainings disturb the newest row. */
export function disturbed(
  { source }: Pick<Stream, 'source'>,
  { intervalMs }: Pick<Model, 'intervalMs'>,
  { dispatcher }: Pick<Watch, 'dispatcher'>,
): boolean {
  const { trainings } = dispatcher.daemonControl.retrainings;
  return source.measuresHost === true && trainings.disturb(intervalMs);
}

/** What a threshold has learnt is kept for each model, and used again with it. */
export function memoryOf({ memoryPath, config }: Stream, { id }: Model): ThresholdMemory {
  return thresholdMemory(`${memoryPath}/${id}.json`, { modelId: id, choice: config.threshold });
}

/** What is usual of a channel belongs to the stream, and is used with each of its models. */
export function usualMemoryOf({ memoryPath }: Stream): UsualMemory {
  return usualMemory(`${memoryPath}/usual.json`);
}

/** Alerts go on with each model of the stream. */
export function openUntilMemoryOf({ memoryPath }: Stream): OpenUntilMemory {
  return openUntilMemory(`${memoryPath}/open-until.json`);
}
