// The models of one stream while it is watched: trains new ones on its kept rows, and switches to them.
import { ConfigError } from '../../core/errors.ts';
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { Exclusion } from '../../core/series.ts';
import type { RowRing } from '../../io/rows/row-ring.ts';
import type { Contender } from '../../lab/retraining/contender.ts';
import type { LessonNote, Model } from '../../models/model.ts';
import { knownTo } from '../compose/channels.ts';
import { limitsFor } from '../compose/compose.ts';
import { optionsOf } from '../config/choice.ts';
import type { StreamConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import type { ModelRecord } from '../models/manifest.ts';
import type { ModelArchive } from '../models/model-archive.ts';
import type { Problems } from '../status/problems.ts';
import { countersIn, heardIn, withNotes } from './heard-channels.ts';
import { dueFor, type Situation } from './schedule.ts';
import { type Outcome, settle } from './settle.ts';
import { problemOf, tellFault, trainingRuns } from './training-faults.ts';
import { trainingRows } from './training-rows.ts';

type Why = ModelRecord['why'];

export interface StreamModels {
  /** Oldest first. */
  readonly models: readonly ModelRecord[];
  /** null while none runs. */
  readonly training: Training | null;
}

export interface Training {
  readonly why: Why;
  /** ISO 8601. */
  readonly startedAt: string;
  /** 0 to 1. */
  readonly fraction: number;
}

export interface StreamRetrainingParts {
  readonly streamId: string;
  readonly config: Pick<StreamConfig, 'learn' | 'retrain' | 'threshold' | 'alerts' | 'windows'>;
  /** That bring further kinds of detectors and thresholds. */
  readonly plugins: readonly PluginPlace[];
  /** undefined = none are kept. */
  readonly rows: RowRing | undefined;
  readonly archive: ModelArchive;
  readonly exclusions: (fromMs: number, toMs: number) => readonly Exclusion[];
  /** The model that runs, with what its threshold has learnt. */
  readonly live: () => Contender;
  /** Accepted false alarms of the stream now; they may differ from the configuration it started with. */
  readonly falseAlarmsPerDay: () => number;
  readonly drifted: () => boolean;
  /**
   * Beginning of an alert that was accepted under the model that runs, Unix milliseconds: rows since then show what is normal
   * now. undefined = there is none.
   */
  readonly acceptedSinceMs: () => number | undefined;
  /** Throws a `KnownError` when the stream could not run with that model. */
  readonly check: (model: Model) => void;
  /** Has the stream run with that model from its next row on. */
  readonly replace: (model: Model) => void;
  /** Only one stream is trained at a time: a function that releases the turn, or undefined. */
  readonly takeTurn: () => (() => void) | undefined;
  /** Where a due training that could not be carried out is reported. */
  readonly problems: Pick<Problems, 'raise' | 'clear'>;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Ends a training, which changes nothing then. */
  readonly signal: AbortSignal;
}

export interface StreamRetraining {
  /**
   * Resolves with the outcome; `force` uses a model that does worse. Throws `ConfigError` while another training runs, and what
   * training throws.
   */
  retrain(why: Why, force?: boolean): Promise<ModelRecord>;
  /** Times of the first and the last kept row; undefined = none are kept. */
  keptSpan(): readonly [fromMs: number, toMs: number] | undefined;
  /** Goes back to the previous model, or to the one of that id. Throws `ConfigError` when there is none. */
  rollback(id?: string): Promise<ModelRecord>;
  models(): StreamModels;
  /** Trains if it is due. Never rejects: the stream is watched anyway. */
  look(): Promise<void>;
}

/** After a training that could not be carried out, milliseconds. */
const PAUSE_MS = 3_600_000;

export function createStreamRetraining(parts: StreamRetrainingParts): StreamRetraining {
  const { streamId, config, archive, log, now } = parts;
  let training: Training | null = null;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  // a rejected model is in the archive only where that keeps more than one
  let tried: Tried = { trainedMs: Number.NEGATIVE_INFINITY, spanMs: 0 };

  const retrain = async (why: Why, force = false): Promise<ModelRecord> => {
    const giveBack = parts.takeTurn();
    if (!giveBack) throw trainingRuns('another');
    const begun = { why, startedAt: new Date(now()).toISOString() };
    training = { ...begun, fraction: 0 };
    try {
      const tell = (fraction: number): void => {
        training = { ...begun, fraction };
      };
      const spanMs = parts.rows?.coveredMs() ?? 0;
      const sinceMs = why === 'accepted' ? parts.acceptedSinceMs() : undefined;
      const retrained = await train(parts, tell, sinceMs);
      parts.signal.throwIfAborted();
      const trainedAt = new Date(now()).toISOString();
      const record = await settle(parts, retrained, { why, spanMs, trainedAt }, force);
      tried = { trainedMs: now(), spanMs: Math.max(tried.spanMs, spanMs) };
      const { id: model, standing, reason } = record;
      log.info({ streamId, model, standing, reason }, 'trained again');
      parts.problems.clear(problemOf(streamId));
      return record;
    } catch (error) {
      if (!parts.signal.aborted) throw error;
      throw stoppedMeanwhile(streamId, error);
    } finally {
      training = null;
      giveBack();
    }
  };
  return {
    retrain,
    async rollback(id) {
      if (training) throw trainingRuns('a');
      const model = await archive.find(id);
      parts.check(model);
      const record = await archive.restore(model);
      parts.replace(model);
      log.warn({ streamId, model: model.id }, 'switched to an earlier model');
      return record;
    },
    keptSpan() {
      const span = parts.rows?.span();
      return span?.every(Number.isFinite) ? span : undefined;
    },
    models: () => ({ models: archive.records(), training }),
    async look() {
      const due = dueFor(config.retrain, situationOf(parts, tried));
      if (!due) parts.problems.clear(problemOf(streamId));
      if (!due || training || now() < pausedUntilMs) return;
      try {
        const { standing } = await retrain(due);
        if (standing === 'rejected') pausedUntilMs = now() + PAUSE_MS;
      } catch (error) {
        // a turn that another stream has comes with the next look, all else takes longer
        if (!(error instanceof ConfigError)) pausedUntilMs = now() + PAUSE_MS;
        tellFault(parts, due, error as Error);
      }
    },
  };
}

function stoppedMeanwhile(streamId: string, cause: unknown): ConfigError {
  const message = `stream '${streamId}' was stopped: its model has not changed`;
  return new ConfigError(message, { code: 'SEN_CFG_STREAM_STOPPED', cause });
}

/** The rows of the last training, successful or not. */
interface Tried {
  readonly trainedMs: number;
  readonly spanMs: number;
}

function situationOf(
  { config: { learn }, archive, rows, drifted, acceptedSinceMs, now, live }: StreamRetrainingParts,
  tried: Tried,
): Situation {
  const { card, intervalMs, lesson } = live().model;
  const records = archive.records();
  const trainedMs = records.map(({ trainedAt }) => Date.parse(trainedAt));
  const spansMs = records.map(({ spanMs = 0 }) => spanMs);
  return {
    nowMs: now(),
    trainedMs: Math.max(tried.trainedMs, ...trainedMs),
    drifted: drifted(),
    accepted: acceptedSinceMs() !== undefined,
    keptMs: rows?.coveredMs() ?? 0,
    learntMs: Math.max(
      ...[learn.rows * learn.intervalMs, card.rows * intervalMs, lesson?.spanMs ?? 0],
      ...[tried.spanMs, ...spansMs],
    ),
  };
}

/** What remains of the note of a lesson: its doubt, until most rows are from after it. */
function noteAfter(
  lesson: LessonNote | undefined,
  leftOut: LessonNote['leftOut'],
  keptMs: number,
): LessonNote | undefined {
  const { doubt, spanMs = 0 } = lesson ?? {};
  if (doubt !== undefined && keptMs < 2 * spanMs) return { leftOut, spanMs, doubt };
  return leftOut.length > 0 ? { leftOut } : undefined;
}

async function train(
  parts: StreamRetrainingParts,
  tell: (fraction: number) => void,
  sinceMs: number | undefined,
): Promise<Outcome> {
  const { streamId, config, plugins, rows, exclusions, signal } = parts;
  const { learn, retrain, threshold, alerts, windows } = config;
  if (!rows)
    throw new ConfigError(`stream '${streamId}' keeps no rows: set retrain.keepHours`, {
      code: 'SEN_CFG_NO_ROWS_KEPT',
    });
  const live = parts.live();
  const [fromMs, toMs] = rows.span();
  const unlearnt = (live.model.lesson?.leftOut ?? []).filter((stretch) => stretch.toMs >= fromMs);
  const note = noteAfter(live.model.lesson, unlearnt, toMs - fromMs);
  const kept = await trainingRows(rows.blocks(), {
    streamId,
    channels: knownTo(live.model),
    exclusions: [
      ...[...exclusions(fromMs, toMs), ...unlearnt.map(asExclusion)],
      ...(sinceMs === undefined ? [] : [everythingBefore(sinceMs)]),
    ],
    least: Math.min(learn.rows, retrain.rows),
    most: retrain.rows,
  });
  const { series, leftOut } = heardIn(kept, live.model.channels.length);
  parts.log.info({ streamId, rows: series.timeMs.length }, 'training again');
  const { detector, options, seed, intervalMs } = learn;
  const counters = countersIn(series, learn.counters);
  const onProgress = ({ fraction }: { readonly fraction: number }): void => tell(fraction);
  // the live model is known to be wrong about these rows: a trial beside it says nothing
  if (series.channels.length > live.model.channels.length || sinceMs !== undefined) {
    const { trainInWorker } = await import('../../lab/training.ts');
    const model = await trainInWorker(detector, series, options, {
      ...{ seed, intervalMs, counters, plugins, signal, onProgress },
    });
    return { model: await withNotes(model, leftOut, note) };
  }
  // Late, because a daemon that has its model must not carry the lab.
  const { retrainInWorker } = await import('../../lab/retraining/retraining.ts');
  const { model, trial } = await retrainInWorker(
    {
      ...{ detector, options, seed, intervalMs, counters, series, live, plugins },
      settings: {
        threshold: { kind: threshold.kind, options: optionsOf(threshold) },
        alerts: {
          ...limitsFor(live.model, alerts),
          falseAlarmsPerDay: parts.falseAlarmsPerDay(),
        },
        windows,
      },
    },
    { signal, onProgress },
  );
  return { model: await withNotes(model, leftOut, note), trial };
}

function everythingBefore(timeMs: number): Exclusion {
  return { fromMs: Number.NEGATIVE_INFINITY, toMs: timeMs - 1, reason: 'accepted' };
}

function asExclusion(stretch: LessonNote['leftOut'][number]): Exclusion {
  return { ...stretch, reason: 'lesson' };
}
