// One run of a stream, from its first sample to its last: it learns if it has no model, then its pipeline runs.
import type { Alert } from '../../core/alert.ts';
import { StoreError } from '../../core/errors.ts';
import { formatChannel, type Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import type { LimitCheck } from '../../detection/alerts/limits.ts';
import { type Model, watchedRates } from '../../models/model.ts';
import { monitor } from '../../pipeline.ts';
import { inOrderOf } from '../compose/channels.ts';
import type { ComposedStages } from '../compose/compose.ts';
import type { Stream } from '../compose/stream.ts';
import { keepModel } from '../models/model-folder.ts';
import { promiseText } from '../models/promise-text.ts';
import { learn } from './learn.ts';
import type { LessonRows } from './lesson-rows.ts';
import { modelProblemOf, reportNotes, unkeptModel } from './model-problems.ts';
import { disturbed, prepare } from './prepare.ts';
import { type RowsAround, rowsAround } from './rows-around.ts';
import { type RunSteps, samplesOfRun } from './sample-way.ts';
import { beginStreamRun, type StreamRunParts } from './stream-run.ts';
import type { Watch } from './watch-context.ts';

export interface Attempt {
  readonly stream: Stream;
  /** The stream's source, open. */
  readonly source: Source;
  /** The stages for the model of the stream, if they are made already. */
  readonly stages: ComposedStages | undefined;
  /** Hard limits of its channels. */
  readonly limits: LimitCheck;
  /** Rows of a stream without a model. */
  readonly lesson: LessonRows;
  /** Called with the new model of a stream that had none. */
  readonly learnt: (model: Model) => void;
  /** Runs the stream again, with the model that is in its folder then. */
  readonly restart: () => void;
}

/** A live source is silent after so many missing rows; on a busy machine one or two may be late. */
const SILENT_ROWS = 3;

/** A live pipeline that takes its next sample later by more has come to a standstill, milliseconds. */
const STANDSTILL_MS = 30_000;

/** Resolves when the source ends or the signal aborts. A stream without a model learns first. */
export async function watch(attempt: Attempt, context: Watch): Promise<void> {
  const { stream, source } = attempt;
  const { id, modelFault } = stream;
  const { problems } = context.dispatcher.daemonControl;
  if (modelFault !== undefined) problems.raise(modelProblemOf(id), modelFault);
  const { model, isKept } = stream.model
    ? { model: stream.model, isKept: true }
    : await learnFrom(attempt, context);
  reportNotes(model, id, problems);
  const arrange = inOrderOf(model, source, id);
  const stages = attempt.stages ?? prepare(stream, model, context);
  const rates = watchedRates(model).map(formatChannel);
  const promise = stages.threshold.promise?.();
  context.log.info(
    {
      ...{ streamId: id, model: model.id, detector: model.kind },
      ...(rates.length > 0 && { rates }),
      ...(promise && { promise: promiseText(promise) }),
    },
    'watching',
  );
  context.dispatcher.daemonControl.watching(id, model);
  const { limits, restart } = attempt;
  const run = { stream, model, source, arrange, stages, isKept, limits, restart };
  await (source.live ? passLive(run, context) : pass(run, context));
}

async function learnFrom(
  attempt: Attempt,
  context: Watch,
): Promise<Pick<StreamRunParts, 'model' | 'isKept'>> {
  const { stream, source, limits, lesson: rows, learnt } = attempt;
  const { dispatcher, log, signal } = context;
  const save = savingOf(source, context);
  const { id: streamId, config, learntPath, kinds } = stream;
  const { isQuiet, problems, retrainings } = dispatcher.daemonControl;
  const quiet = (timeMs: number): boolean =>
    isQuiet(streamId, timeMs) || disturbed(stream, config.learn, { dispatcher });
  const { plugins } = kinds;
  const model = await learn(source, {
    ...{ streamId, learn: config.learn, plugins, rows, quiet, problems, log, signal },
    training: retrainings.trainings.begin,
    progress: (progress) => dispatcher.daemonControl.learning(streamId, progress),
    arrived(sample, channels) {
      dispatcher.row({ streamId, timeMs: sample.timeMs, channels, values: sample.values });
      limits.check(sample).forEach(save);
    },
  });
  learnt(model);
  problems.clear(modelProblemOf(streamId));
  try {
    await keepModel(learntPath, model);
    log.info({ streamId, model: learntPath, durationS: model.card.durationS }, 'learnt');
    return { model, isKept: true };
  } catch (error) {
    if (!source.live || !(error instanceof StoreError)) throw error;
    problems.raise(modelProblemOf(streamId), unkeptModel(streamId, error));
    return { model, isKept: false };
  }
}

type Run = Omit<StreamRunParts, 'save'> &
  Pick<Attempt, 'source' | 'limits'> &
  Pick<RunSteps, 'arrange'>;

async function pass(run: Run, context: Watch): Promise<void> {
  const { stream, model, source, stages, arrange, limits } = run;
  const { dispatcher, signal } = context;
  const around = rowsAround(stream, model, dispatcher);
  const save = savingOf(source, context, around);
  const width = model.channels.length;
  const gather = (sample: Sample): void => around.take(sample);
  const arrived = (sample: Sample): void => limits.check(sample).forEach(save);
  const samples = samplesOfRun(source, stream.id, { arrived, arrange, width, gather });
  for await (const alert of monitor(samples, stages, signal)) save(alert);
  if (signal.aborted) return; // open alerts go on with the next start
  for (const alert of [...stages.policy.finish(), ...limits.finish()]) save(alert);
}

async function passLive(run: Run, context: Watch): Promise<void> {
  const { stream, model, source, arrange, limits } = run;
  const { dispatcher, signal, pulse } = context;
  const around = rowsAround(stream, model, dispatcher); // first: it may fail, and what begins below has to be ended
  const begun = await beginStreamRun({ ...run, save: savingOf(source, context, around) }, context);
  const { keep, save, switching, end } = begun;
  try {
    const silence = silenceOf(model);
    pulse.expect(stream.id, silence.afterMs + STANDSTILL_MS);
    const samples = samplesOfRun(source, stream.id, {
      arrived: (sample) => limits.check(sample).forEach(save),
      ...{ arrange, keep, silence, width: model.channels.length },
      gather: (sample) => around.take(sample),
      taken(timeMs) {
        pulse.beat(stream.id); // the sample before has passed the pipeline
        switching.beforeRow(timeMs);
      },
    });
    for await (const alert of monitor(samples, switching.stages, signal)) save(alert);
  } finally {
    pulse.end(stream.id);
    end();
    around.end();
  }
}

/** Explains, saves and reports a state of an alert; one that a replay saved before it was cut short is not saved again. */
function savingOf(
  source: Source,
  { dispatcher, onAlert }: Pick<Watch, 'dispatcher' | 'onAlert'>,
  around?: Pick<RowsAround, 'see'>,
): (alert: Alert) => void {
  return (found) => {
    const alert = explained(found, source);
    if (source.live || !dispatcher.isSaved(alert)) dispatcher.save(alert);
    around?.see(alert);
    onAlert(alert);
  };
}

/** A silent source yields samples too: a pipeline that gets none has itself come to a standstill. */
function silenceOf({ intervalMs }: Model) {
  return { afterMs: intervalMs * SILENT_ROWS, everyMs: intervalMs };
}

const OF_HEALTH: ReadonlySet<Alert['kind']> = new Set(['data_missing', 'stuck']);

/** An open alert about values, with what its source knows about it, e.g. which processes did it. */
function explained(alert: Alert, source: Pick<Source, 'explain'>): Alert {
  if (alert.state === 'closed' || OF_HEALTH.has(alert.kind) || !source.explain) return alert;
  return { ...alert, ...source.explain(alert.now ?? alert.channels) };
}
