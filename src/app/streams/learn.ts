// A stream without a model: gather rows until enough of them are calm, and train on these.
import { CalibrationError } from '../../core/errors.ts';
import type { StreamHealth } from '../../core/health.ts';
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import type { Source } from '../../core/source.ts';
import { judgedLesson } from '../../detection/lesson.ts';
import { requireCounters } from '../../detection/windows/find-counters.ts';
import type { LessonNote, Model } from '../../models/model.ts';
import { learntPart } from '../compose/channels.ts';
import type { LearnConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { lessonWords } from '../models/lesson-text.ts';
import { countersIn, heardIn, withNotes } from '../retraining/heard-channels.ts';
import type { Problems } from '../status/problems.ts';
import type { LessonRows } from './lesson-rows.ts';
import { lessonProblemOf } from './model-problems.ts';

export interface Lesson {
  readonly streamId: string;
  readonly learn: LearnConfig;
  readonly plugins: readonly PluginPlace[];
  /** The rows so far; more are added. */
  readonly rows: LessonRows;
  /** Whether a row of that time is left out, e.g. because of maintenance. */
  readonly quiet: (timeMs: number) => boolean;
  /** Called when a training begins; what it returns is called at its end. */
  readonly training: () => () => void;
  /** Gets the problem that the rows are not calm, which is cleared when the lesson is over. */
  readonly problems: Pick<Problems, 'raise' | 'clear'>;
  /** Called with each sample, also of a time that is left out. */
  readonly arrived?: (sample: Sample, channels: readonly Channel[]) => void;
  /** Called with each row. */
  readonly progress?: (progress: NonNullable<StreamHealth['learning']>) => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The rows to train on, and the note about them for the model. */
interface Learnable {
  readonly series: Series;
  readonly note: LessonNote | undefined;
  /** All rows of a lesson that ends with too few calm ones, for the case that no model can be trained on the calm ones. */
  readonly otherwise?: Learnable;
}

/** The log reports progress so many times. */
const REPORTS = 10;
/** This share of the configured rows is enough: a few outliers are no reason to wait. */
const ENOUGH = 0.95;
/** Fewer calm rows than this share of the configured rows are worse than all rows. */
const LEAST_CALM = 0.5;
/** Rows that are too few for the detector become more by this share before the next training ... */
const MORE = 0.25;
/** ... up to so many times the configured rows: detectors need some hundred, `learn.rows` is 100 at least. */
const MOST_OF_SHORT = 10;
/** Rows are judged again after at least this share of the configured rows. */
const LOOK_AGAIN = 1 / 8;

/**
 * Learns from the next rows of an open source. Rejects with the reason of the signal when it is stopped, and with errors of
 * source and training. The rows are kept then; after a training that could not use them, only the newer half of them is. A live
 * stream whose rows are too few for its detector goes on, for a while.
 */
export async function learn(source: Source, lesson: Lesson): Promise<Model> {
  const { streamId, learn, rows, problems, training, log } = lesson;
  log.info({ streamId, rows: learn.rows }, 'no model yet: learning what is normal');
  const judge = createJudge(lesson, source.live);
  for (;;) {
    const learnable = await collect(source, lesson, judge);
    log.info({ streamId, detector: learn.detector }, 'training');
    const trained = training();
    try {
      const model = await trainOnCalmOrAll(learnable, lesson).finally(trained);
      problems.clear(lessonProblemOf(streamId));
      rows.end();
      return model;
    } catch (error) {
      if (!(error instanceof CalibrationError)) throw error;
      const isShort = error.errorCode === 'SEN_CAL_TOO_SHORT' && source.live;
      if (isShort && rows.count < MOST_OF_SHORT * learn.rows) {
        problems.raise(
          lessonProblemOf(streamId),
          `stream '${streamId}' learns on: ${rows.count} rows are too few: ${error.message}: set learn.rows to more`,
        );
        judge.goOn();
      } else {
        rows.forgetOlderHalf();
        throw error;
      }
    }
  }
}

async function trainOnCalmOrAll(learnable: Learnable, lesson: Lesson): Promise<Model> {
  try {
    return await train(learnable, lesson);
  } catch (error) {
    if (!(learnable.otherwise && error instanceof CalibrationError)) throw error;
    return train(learnable.otherwise, lesson);
  }
}

async function train(
  { series: calm, note }: Learnable,
  { learn, plugins, signal }: Lesson,
): Promise<Model> {
  const { series, leftOut } = heardIn(calm);
  // Imported late: a daemon that has its model does not load training code.
  const { trainInWorker } = await import('../../lab/training.ts');
  const model = await trainInWorker(learn.detector, series, learn.options, {
    seed: learn.seed,
    intervalMs: learn.intervalMs,
    counters: countersIn(series, learn.counters),
    plugins,
    signal,
  });
  return withNotes(model, leftOut, note);
}

async function collect(source: Source, lesson: Lesson, judge: Judge): Promise<Learnable> {
  const { streamId, learn, rows, quiet, log, signal } = lesson;
  const reportEvery = Math.max(1, Math.floor(learn.rows / REPORTS));
  let part: ReturnType<typeof learntPart> | undefined;
  for await (const sample of source.samples(signal)) {
    requireCounters(streamId, source.channels, learn.counters);
    lesson.arrived?.(sample, source.channels);
    part ??= learntPart(source);
    rows.begin(part.channels, sample.timeMs);
    if (quiet(sample.timeMs)) continue;
    rows.add(part.of(sample));
    const learnable = judge.see();
    if (learnable) return learnable;
    if (rows.count % reportEvery === 0) {
      log.info({ streamId, rows: rows.count, of: learn.rows }, 'learning');
    }
  }
  signal.throwIfAborted();
  if (rows.count < learn.rows) {
    throw new CalibrationError(
      `stream '${streamId}' ended after ${rows.count} rows, learning needs ${learn.rows}: set learn.rows or name a model`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  return judge.end();
}

type Judge = ReturnType<typeof createJudge>;

function createJudge(lesson: Lesson, live: boolean) {
  const { streamId, learn, rows, problems, progress } = lesson;
  /** A recording is not extended: it would end before it is watched. */
  const most = live ? learn.rows * learn.longest : learn.rows;
  let dueRows = learn.rows;
  let [count, calmRows]: [number, number | null] = [0, null];
  return {
    /** The rows to train on; undefined = the lesson goes on. */
    see(): Learnable | undefined {
      // the channels have changed, or a training could not use the rows
      if (rows.count < count) [dueRows, calmRows] = [learn.rows, null];
      count = rows.count;
      progress?.({ rows: count, calmRows, neededRows: learn.rows });
      if (count < dueRows) return undefined;
      if (learn.longest === 1) return { series: rows.series(), note: undefined };
      const found = judged(rows.series(), learn.rows);
      if (found.isEnough || count >= most) return found;
      calmRows = found.calmRows;
      const missing = Math.max(learn.rows - calmRows, Math.ceil(learn.rows * LOOK_AGAIN));
      dueRows = Math.min(most, count + missing);
      problems.raise(lessonProblemOf(streamId), goesOn(lesson, found.words));
      return undefined;
    },
    /** The rows so far were too few. */
    goOn(): void {
      dueRows = Math.ceil((1 + MORE) * rows.count);
    },
    end: (): Learnable => judged(rows.series(), learn.rows),
  };
}

interface Judged extends Learnable {
  readonly calmRows: number;
  readonly isEnough: boolean;
  /** Why the rows are not calm. */
  readonly words: string;
}

function judged(series: Series, wanted: number): Judged {
  const { calm, leftOut, doubts } = judgedLesson(series);
  const calmRows = calm.timeMs.length;
  const drifts = doubts.some(({ change }) => change === 'drifting');
  const isEnough = doubts.length === 0 || (calmRows >= ENOUGH * wanted && !drifts);
  const words = lessonWords(doubts);
  const common = { calmRows, isEnough, words };
  if (doubts.length === 0) return { ...common, series, note: undefined };
  const spanMs = (series.timeMs.at(-1) ?? 0) - (series.timeMs[0] ?? 0);
  if (isEnough) return { ...common, series: calm, note: { leftOut, spanMs } };
  const otherwise = { series, note: { leftOut: [], spanMs, doubt: words } };
  if (calmRows < LEAST_CALM * wanted) return { ...common, ...otherwise };
  return { ...common, series: calm, note: { leftOut, spanMs, doubt: words }, otherwise };
}

const MINUTE_MS = 60_000;

function goesOn({ streamId, learn }: Lesson, words: string): string {
  const minutes = (rows: number): number => Math.ceil((rows * learn.intervalMs) / MINUTE_MS);
  return (
    `stream '${streamId}' is not calm yet: ${words}: it learns on until it has ${minutes(learn.rows)} min of calm rows, ` +
    `for ${minutes(learn.rows * learn.longest)} min at most`
  );
}
