// A stream without a model: watch it be normal for a while, train on that, keep the model.
import { CalibrationError } from '../../core/errors.ts';
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { Source } from '../../core/source.ts';
import { requireCounters } from '../../detection/windows/find-counters.ts';
import type { Model } from '../../models/model.ts';
import type { LearnConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { countersIn, heardIn, withLeftOut } from '../retraining/heard-channels.ts';
import type { LessonRows } from './lesson-rows.ts';

export interface Lesson {
  readonly streamId: string;
  readonly learn: LearnConfig;
  readonly plugins: readonly PluginPlace[];
  /** What was gathered so far; goes on growing. */
  readonly rows: LessonRows;
  /** Whether what was measured then is no example of normal: it is left out. */
  readonly quiet: (timeMs: number) => boolean;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Shares of the work after which the log says how far it is. */
const TOLD = 10;

/**
 * Learns from the next rows of an open source. Rejects with the signal's reason when stopped before it is done, and with
 * what source and training throw: the rows stay then, but for the older half of those that a training could not use.
 */
export async function learn(source: Source, lesson: Lesson): Promise<Model> {
  const { streamId, learn, rows, log } = lesson;
  log.info({ streamId, rows: learn.rows }, 'no model yet: learning what is normal');
  await collect(source, lesson);
  log.info({ streamId, detector: learn.detector }, 'training');
  const model = await train(lesson).catch((error: unknown) => {
    if (error instanceof CalibrationError) rows.forgetOlderHalf();
    throw error;
  });
  rows.end();
  return model;
}

async function train({ learn, rows, plugins, signal }: Lesson): Promise<Model> {
  const { series, leftOut } = heardIn(rows.series());
  // Late, because a daemon that has its model must not carry the lab.
  const { trainInWorker } = await import('../../lab/training/worker.ts');
  const model = await trainInWorker(learn.detector, series, learn.options, {
    seed: learn.seed,
    intervalMs: learn.intervalMs,
    counters: countersIn(series, learn.counters),
    plugins,
    signal,
  });
  return withLeftOut(model, leftOut);
}

async function collect(
  source: Source,
  { streamId, learn, rows, quiet, log, signal }: Lesson,
): Promise<void> {
  const told = Math.max(1, Math.floor(learn.rows / TOLD));
  for await (const sample of source.samples(signal)) {
    requireCounters(streamId, source.channels, learn.counters);
    rows.begin(source.channels, sample.timeMs);
    if (quiet(sample.timeMs)) continue;
    rows.add(sample);
    if (rows.count >= learn.rows) break;
    if (rows.count % told === 0) {
      log.info({ streamId, rows: rows.count, of: learn.rows }, 'learning');
    }
  }
  signal.throwIfAborted();
  if (rows.count < learn.rows) {
    throw new CalibrationError(
      `stream '${streamId}' ended after ${rows.count} rows, learning needs ${learn.rows}: set learn.rows or name a model`,
    );
  }
}
