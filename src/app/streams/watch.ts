// One stream from its first sample to its last: learn if need be, then the pipeline.
import type { Alert } from '../../core/alert.ts';
import type { Source } from '../../core/source.ts';
import { createBackOff } from '../../io/back-off.ts';
import type { Model } from '../../models/model.ts';
import { monitor } from '../../pipeline.ts';
import type { ComposedStages } from '../compose.ts';
import type { Log } from '../log.ts';
import { inOrderOf } from './channels.ts';
import { type Heartbeat, withHeartbeat } from './heartbeat.ts';
import { learn } from './learn.ts';
import { beginLife } from './life.ts';
import { openOnce } from './open-once.ts';
import { prepare } from './prepare.ts';
import { type Pulse, withPulse } from './pulse.ts';
import { reopening } from './reopening.ts';
import { rowsAround } from './rows-around.ts';
import type { Stream } from './stream.ts';
import type { Watch } from './watch-context.ts';

/** Pauses between two attempts to open a live source, milliseconds. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Rows that may be missing before a live source counts as silent; one or two are late on any busy machine. */
const SILENT_ROWS = 3;

/** What a live pipeline may be late with its next sample before it counts as standing still, milliseconds. */
const STANDSTILL_MS = 30_000;

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
  const { id: streamId, config, learntPath: modelPath, kinds } = stream;
  const quiet = (timeMs: number): boolean => outlet.desk.isQuiet(streamId, timeMs);
  const { learn: lesson } = config;
  const { plugins } = kinds;
  return learn(source, { streamId, learn: lesson, plugins, modelPath, quiet, log, signal });
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
  context: Watch,
): Promise<void> {
  const { id } = stream;
  const { outlet, log, signal, onAlert } = context;
  log.info({ streamId: id, model: model.id, detector: model.kind }, 'watching');
  outlet.desk.watching(id, model);
  if (source.live) return passLive(stream, model, source, stages, context);
  const around = rowsAround(stream, model, outlet);
  const tell = (alert: Alert): void => {
    if (!outlet.isSaved(alert)) outlet.save(alert);
    around.see(alert);
    onAlert(alert);
  };
  for await (const alert of monitor(around.over(source), stages, signal)) tell(alert);
  if (signal.aborted) return; // what is open goes on with the next start
  const last = stages.policy.finish();
  if (last) tell(last);
}

async function passLive(
  stream: Stream,
  model: Model,
  source: Source,
  stages: ComposedStages,
  context: Watch,
): Promise<void> {
  const { outlet, signal, pulse, onAlert } = context;
  const life = await beginLife(stream, model, source, stages, context);
  const { switching } = life;
  const around = rowsAround(stream, model, outlet);
  const watched = switching.over(withLife(around.over(life.kept), stream.id, model, pulse));
  try {
    for await (const alert of monitor(watched, switching.stages, signal)) {
      outlet.save(alert);
      around.see(alert);
      onAlert(alert);
    }
  } finally {
    pulse.end(stream.id);
    around.end();
    life.end();
  }
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
