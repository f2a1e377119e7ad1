// What a live stream has besides its pipeline: rows for the next training, an archive of models, drift detection, and the
// state that these keep from one run to the next.
import { existsSync } from 'node:fs';
import type { Alert } from '../../core/alert.ts';
import { StoreError } from '../../core/errors.ts';
import type { Sample } from '../../core/sample.ts';
import { rowsToSettle } from '../../detection/windows/counter-rate.ts';
import type { RowRing } from '../../io/rows/row-ring.ts';
import type { Model } from '../../models/model.ts';
import { knownTo, requireSameSource, sameChannels } from '../compose/channels.ts';
import type { ComposedStages } from '../compose/compose.ts';
import type { Stream } from '../compose/stream.ts';
import type { ModelArchive } from '../models/model-archive.ts';
import { keepModel } from '../models/model-folder.ts';
import { type DriftWatch, watchDrift } from '../retraining/drift-watch.ts';
import { createStreamRetraining, type StreamRetraining } from '../retraining/stream-retraining.ts';
import { problemOf } from '../retraining/training-faults.ts';
import { ringOf } from './lesson-rows.ts';
import { modelProblemOf, reportNotes, unkeptModel } from './model-problems.ts';
import { disturbed, memoryOf, openUntilMemoryOf, prepare, usualMemoryOf } from './prepare.ts';
import { archiveOf } from './stream-archive.ts';
import { type Switchable, switchable } from './switchable-stages.ts';
import type { Watch } from './watch-context.ts';

/** A stream with its model. */
export interface StreamRunParts {
  readonly stream: Stream;
  readonly model: Model;
  readonly stages: ComposedStages;
  /** Whether the folder is known to hold the model. */
  readonly isKept: boolean;
  /** Runs the stream again, with the model that is in its folder then. */
  readonly restart: () => void;
  /** Saves and reports an alert. */
  readonly save: (alert: Alert) => void;
}

export interface StreamRun {
  /** Keeps a sample, with all channels that the model knows, for the next training; absent = none are kept. */
  readonly keep: ((sample: Sample) => void) | undefined;
  /** Saves and reports an alert, and follows what it means for the model. */
  readonly save: (alert: Alert) => void;
  /** The stages of the pipeline; their model may change. */
  readonly switching: Switchable;
  /** Writes the state to keep. */
  end(): void;
}

/** A crash loses at most what was learnt in this time; an SD card is written 24 times a day. */
const REMEMBER_MS = 3_600_000;
/** Time between two checks of whether a training is due. */
const LOOK_MS = 60_000;

export async function beginStreamRun(run: StreamRunParts, context: Watch): Promise<StreamRun> {
  const { stream, model } = run;
  const rows = ringOf(stream, knownTo(model), context);
  const archive = await archiveOf(stream, model, context);
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const runningModel = new RunningModel(run, { ...context, signal }, rows);
  const retraining =
    archive && retrainingOf(run, runningModel, archive, rows, { ...context, signal });
  const { daemonControl } = context.dispatcher;
  const save = (alert: Alert): void => {
    run.save(alert);
    runningModel.see(alert);
  };
  const leave = daemonControl.retrainings.enter(stream.id, {
    drift: () => runningModel.drift.drift(),
    accept(alertId) {
      const closed = runningModel.switching.stages.policy.accept(alertId);
      closed.forEach(save); // retraining is due from then on
      return closed.length > 0;
    },
    promise: () => runningModel.switching.stages.threshold.promise?.(),
    disturbed: () => disturbed(stream, runningModel.model, context),
    retraining,
  });
  const remembering = setInterval(() => runningModel.remember(), REMEMBER_MS).unref();
  const looking = setInterval(() => {
    void retraining?.look();
    runningModel.rememberAlerts();
    if (!retraining?.models().training) void runningModel.keepFile();
  }, LOOK_MS).unref();
  return {
    keep:
      rows &&
      (({ timeMs, values }) => {
        if (context.clockIsSet()) rows.add(timeMs, values); // training could not use the times of another clock
      }),
    save,
    switching: runningModel.switching,
    end() {
      ended.abort();
      clearInterval(remembering);
      clearInterval(looking);
      leave();
      daemonControl.problems.clear(problemOf(stream.id));
      runningModel.remember();
      rows?.flush();
    },
  };
}

/** The current model, with its drift detection and its file. */
class RunningModel {
  readonly #stream: Stream;
  readonly #context: Watch;
  readonly #restart: () => void;
  readonly #rows: RowRing | undefined;
  readonly switching: Switchable;
  model: Model;
  drift: DriftWatch;
  /** Beginning of the oldest alert that was accepted under it; undefined = none was. */
  acceptedSinceMs: number | undefined;
  /** Channels that these alerts blame: what was usual of them is not any more, and the next model brings what is. */
  readonly #accepted = new Set<string>();
  #isKept: boolean;

  constructor(
    { stream, model, stages, isKept, restart }: StreamRunParts,
    context: Watch,
    rows: RowRing | undefined,
  ) {
    this.#stream = stream;
    this.#restart = restart;
    this.#isKept = isKept;
    this.#context = context;
    this.#rows = rows;
    this.model = model;
    this.drift = this.#driftOf(model);
    this.switching = switchable(this.#seen(stages));
    for (const alert of context.dispatcher.accepted(stream.id, model.id)) this.see(alert);
  }

  see({ outcome, startMs, channels }: Alert): void {
    if (outcome !== 'accepted') return;
    for (const { id } of channels) this.#accepted.add(id);
    this.acceptedSinceMs = Math.min(startMs, this.acceptedSinceMs ?? startMs);
  }

  /** Throws a `KnownError` when the stream cannot run with the model. */
  check(model: Model): void {
    requireSameSource(this.model, model, this.#stream.id);
    prepare(this.#stream, model, this.#context);
  }

  /**
   * To be called when the file of the model is written. Open alerts go on, and the new windows start with the newest rows. A
   * model that watches other channels of the source starts a new run, with empty windows.
   */
  replace(model: Model): void {
    const { id } = this.#stream;
    this.#isKept = true;
    this.acceptedSinceMs = undefined;
    const { problems } = this.#context.dispatcher.daemonControl;
    problems.clear(modelProblemOf(id));
    reportNotes(model, id, problems);
    if (!sameChannels(this.model, model)) {
      this.#restart();
      return;
    }
    this.switching.exchange((beforeMs) => {
      const { health, policy } = this.switching.stages;
      this.remember();
      this.#accepted.clear();
      this.model = model;
      this.drift = this.#driftOf(model);
      const stages = prepare(this.#stream, model, this.#context, policy);
      this.#fill(stages, beforeMs);
      this.#context.log.info({ streamId: id, model: model.id, detector: model.kind }, 'watching');
      this.#context.dispatcher.daemonControl.watching(id, model);
      return this.#seen({ ...stages, health });
    });
  }

  remember(): void {
    try {
      const { threshold, policy } = this.switching.stages;
      memoryOf(this.#stream, this.model).remember(threshold.state());
      usualMemoryOf(this.#stream).remember(policy.usual(), this.#accepted);
      this.drift.remember();
    } catch (error) {
      // e.g. a full disk: the next start uses the level of the model
      const { message } = error as Error;
      this.#context.log.warn({ streamId: this.#stream.id }, `alert level not kept: ${message}`);
    }
    this.rememberAlerts();
  }

  /** Until when open alerts have lasted: one that is over by the next start ends then, and not with its last saved state. */
  rememberAlerts(): void {
    const { id: streamId } = this.#stream;
    const { policy } = this.switching.stages;
    const { dispatcher, log } = this.#context;
    try {
      const open = dispatcher.openAlerts(streamId);
      const until = open.map((alert) => [alert.id, policy.left(alert).timeMs] as const);
      openUntilMemoryOf(this.#stream).remember(new Map(until));
    } catch (error) {
      log.warn({ streamId }, `last rows of open alerts not kept: ${(error as Error).message}`);
    }
  }

  /** Writes the model again when its file is missing, e.g. because the folder was deleted or the disk was full. */
  async keepFile(): Promise<void> {
    const { id: streamId, config, learntPath } = this.#stream;
    if (config.model !== undefined || (this.#isKept && existsSync(learntPath))) return;
    const { dispatcher, log, signal } = this.#context;
    const { problems } = dispatcher.daemonControl;
    const key = modelProblemOf(streamId);
    try {
      await keepModel(learntPath, this.model);
      this.#isKept = true;
      log.warn({ streamId, model: learntPath }, 'the model file was gone: written again');
      problems.clear(key);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#isKept = false;
      if (signal.aborted) return;
      problems.raise(key, unkeptModel(streamId, error));
    }
  }

  #fill({ windower, detector }: ComposedStages, beforeMs: number): void {
    if (!this.#rows) return;
    const rateRows = rowsToSettle(this.model.rates ?? []);
    const { timeMs, values } = this.#rows.newest(detector.windowLength + 1 + rateRows);
    const width = knownTo(this.model).length;
    const watched = this.model.channels.length;
    for (const [row, time] of timeMs.entries()) {
      if (time >= beforeMs) return;
      const cells = values.subarray(row * width, row * width + watched);
      windower.push({ streamId: this.#stream.id, timeMs: time, values: cells });
    }
  }

  #seen(stages: ComposedStages): ComposedStages {
    return {
      ...stages,
      observe: (report) => {
        stages.observe(report);
        this.drift.see(report);
      },
    };
  }

  #driftOf(model: Model): DriftWatch {
    const { id: streamId, config, memoryPath } = this.#stream;
    return watchDrift({
      streamId,
      model,
      driftHours: config.retrain.driftHours,
      path: `${memoryPath}/${model.id}.drift.json`,
      log: this.#context.log,
    });
  }
}

function retrainingOf(
  { stream }: StreamRunParts,
  runningModel: RunningModel,
  archive: ModelArchive,
  rows: RowRing | undefined,
  { dispatcher, log, signal }: Watch,
): StreamRetraining {
  const { id: streamId, config, kinds } = stream;
  return createStreamRetraining({
    plugins: kinds.plugins,
    ...{ streamId, config, rows, archive, log, signal },
    exclusions: (fromMs, toMs) => dispatcher.exclusions(streamId, fromMs, toMs),
    live: () => ({
      model: runningModel.model,
      learnt: runningModel.switching.stages.threshold.state(),
    }),
    falseAlarmsPerDay: () => dispatcher.daemonControl.falseAlarmsPerDay(streamId),
    drifted: () => runningModel.drift.drift() !== undefined,
    acceptedSinceMs: () => runningModel.acceptedSinceMs,
    check: (model) => runningModel.check(model),
    replace: (model) => runningModel.replace(model),
    takeTurn: dispatcher.daemonControl.retrainings.takeTurn,
    problems: dispatcher.daemonControl.problems,
    now: Date.now,
  });
}
