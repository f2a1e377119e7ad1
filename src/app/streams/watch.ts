// One stream from its first sample to its last: learn if need be, then the pipeline.
import type { Alert } from '../../core/alert.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { Source } from '../../core/source.ts';
import type { StoredThreshold } from '../../detection/threshold-plugin.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createBackOff } from '../../io/back-off.ts';
import type { Model } from '../../models/model.ts';
import { monitor } from '../../pipeline.ts';
import { type ComposedStages, composeStages } from '../compose.ts';
import type { Desk } from '../desk.ts';
import type { Log } from '../log.ts';
import type { Outlet } from '../outlet.ts';
import { inOrderOf } from './channels.ts';
import { type Heartbeat, withHeartbeat } from './heartbeat.ts';
import { learn } from './learn.ts';
import { openOnce } from './open-once.ts';
import { type Pulse, withPulse } from './pulse.ts';
import { reopening } from './reopening.ts';
import type { Stream } from './stream.ts';
import { type ThresholdMemory, thresholdMemory } from './threshold-memory.ts';

export interface Watch {
  readonly outlet: Pick<Outlet, 'save' | 'report' | 'openAlerts' | 'isSaved'> & {
    readonly desk: Pick<Desk, 'isQuiet' | 'normalHeight' | 'watching'>;
  };
  readonly kernels: Kernels;
  readonly log: Log;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
  readonly onReport: (report: ScoreReport) => void;
  readonly onAlert: (alert: Alert) => void;
}

/** Pauses between two attempts to open a live source, milliseconds. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Rows that may be missing before a live source counts as silent; one or two are late on any busy machine. */
const SILENT_ROWS = 3;

/** What a live pipeline may be late with its next sample before it counts as standing still, milliseconds. */
const STANDSTILL_MS = 30_000;

/** A crash costs at most what a threshold learnt in this time; a card is written 24 times a day. */
const KEEP_THRESHOLD_MS = 3_600_000;

/** The stages of a stream whose model is known. Throws when the configuration does not fit the model. */
export function prepare(
  stream: Stream,
  model: Model,
  { outlet, kernels, onReport }: Pick<Watch, 'outlet' | 'kernels' | 'onReport'>,
): ComposedStages {
  const { id, config, source } = stream;
  return composeStages(config, model, {
    kernels,
    // a recording is replayed from its start, and comes by what its first run knew again
    open: source.live ? outlet.openAlerts(id) : [],
    learnt: source.live ? memoryOf(stream, model).recall() : undefined,
    quiet: (timeMs) => outlet.desk.isQuiet(id, timeMs),
    normalHeight: () => outlet.desk.normalHeight(id, model.id),
    observe(report) {
      outlet.report(report);
      onReport(report);
    },
  });
}

/** Resolves when the source ends or the signal aborts. Without `stages` the stream learns first. */
export async function watch(
  stream: Stream,
  stages: ComposedStages | undefined,
  context: Watch,
): Promise<void> {
  const { id, source } = stream;
  const { signal, log } = context;
  const opened = openOnce(source.live ? persistent(source, id, log) : source, signal);
  try {
    const model = stream.model ?? (await learnFrom(opened.source, stream, context));
    const ordered = inOrderOf(model, opened.source, id);
    await pass(stream, model, ordered, stages ?? prepare(stream, model, context), context);
  } finally {
    await opened.close();
  }
}

function learnFrom(source: Source, stream: Stream, { outlet, log, signal }: Watch): Promise<Model> {
  const { id: streamId, config, learntPath: modelPath } = stream;
  const quiet = (timeMs: number): boolean => outlet.desk.isQuiet(streamId, timeMs);
  return learn(source, { streamId, learn: config.learn, modelPath, quiet, log, signal });
}

function persistent(source: Source, streamId: string, log: Log): Source {
  return reopening(source, {
    backOff: createBackOff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
    lost: ({ message }, pauseMs) => log.warn({ streamId, pauseMs }, `source lost: ${message}`),
  });
}

async function pass(
  stream: Stream,
  model: Model,
  source: Source,
  stages: ComposedStages,
  { outlet, log, signal, pulse, onAlert }: Watch,
): Promise<void> {
  const { id } = stream;
  const { live } = source;
  log.info({ streamId: id, model: model.id, detector: model.kind }, 'watching');
  outlet.desk.watching(id, model);
  const tell = (alert: Alert): void => {
    if (live || !outlet.isSaved(alert)) outlet.save(alert);
    onAlert(alert);
  };
  const watched = live ? withLife(source, id, model, pulse) : source;
  const keeper = live ? keepThreshold(stream, model, stages.threshold, log) : undefined;
  try {
    for await (const alert of monitor(watched, stages, signal)) tell(alert);
  } finally {
    pulse.end(id);
    keeper?.end();
  }
  if (live || signal.aborted) return; // what is open goes on with the next start
  const last = stages.policy.finish();
  if (last) tell(last);
}

/** A live source that tells of its silence, so that a pipeline that stands still is the pipeline's fault. */
function withLife(source: Source, id: string, model: Model, pulse: Pulse): Source {
  const heartbeat = heartbeatOf(id, model);
  pulse.expect(id, heartbeat.silenceMs + STANDSTILL_MS);
  return withPulse(withHeartbeat(source, heartbeat), id, pulse);
}

function heartbeatOf(streamId: string, { intervalMs, channels }: Model): Heartbeat {
  return {
    streamId,
    width: channels.length,
    silenceMs: intervalMs * SILENT_ROWS,
    everyMs: intervalMs,
  };
}

function memoryOf({ thresholdPath, config }: Stream, { id: modelId }: Model): ThresholdMemory {
  return thresholdMemory(thresholdPath, { modelId, choice: config.threshold });
}

/** Writes what the threshold has learnt now and then, and at the end. */
function keepThreshold(
  stream: Stream,
  model: Model,
  threshold: StoredThreshold,
  log: Log,
): { end(): void } {
  const memory = memoryOf(stream, model);
  const write = (): void => {
    try {
      memory.remember(threshold.state());
    } catch (error) {
      // a full disk: the level of the model is a good one too
      log.warn({ streamId: stream.id }, `alert level not kept: ${(error as Error).message}`);
    }
  };
  const timer = setInterval(write, KEEP_THRESHOLD_MS).unref();
  return {
    end() {
      clearInterval(timer);
      write();
    },
  };
}
