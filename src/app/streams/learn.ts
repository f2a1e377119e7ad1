// A stream without a model: watch it be normal for a while, train on that, keep the model.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CalibrationError } from '../../core/errors.ts';
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { Sample } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import type { Source } from '../../core/source.ts';
import type { Model } from '../../models/model.ts';
import type { LearnConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { writeModel } from '../model-folder.ts';

export interface Lesson {
  readonly streamId: string;
  readonly learn: LearnConfig;
  readonly plugins: readonly PluginPlace[];
  /** Where the model is kept for the next start. */
  readonly modelPath: string;
  /** Whether what was measured then is no example of normal: it is left out. */
  readonly quiet: (timeMs: number) => boolean;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Shares of the work after which the log says how far it is. */
const TOLD = 10;

/** Learns from the next rows of an open source. Rejects with the signal's reason when stopped before it is done. */
export async function learn(source: Source, lesson: Lesson): Promise<Model> {
  const { streamId, learn, plugins, modelPath, log, signal } = lesson;
  log.info({ streamId, rows: learn.rows }, 'no model yet: learning what is normal');
  const series = await collect(source, lesson);
  log.info({ streamId, detector: learn.detector }, 'training');
  // Late, because a daemon that has its model must not carry the lab.
  const { trainInWorker } = await import('../../lab/training/worker.ts');
  const model = await trainInWorker(learn.detector, series, learn.options, {
    seed: learn.seed,
    intervalMs: learn.intervalMs,
    plugins,
    signal,
  });
  await mkdir(dirname(modelPath), { recursive: true });
  await writeModel(modelPath, model);
  log.info({ streamId, model: modelPath, durationS: model.card.durationS }, 'learnt');
  return model;
}

async function collect(
  source: Source,
  { streamId, learn, quiet, log, signal }: Lesson,
): Promise<Series> {
  const samples: Sample[] = [];
  const told = Math.max(1, Math.floor(learn.rows / TOLD));
  for await (const sample of source.samples(signal)) {
    if (quiet(sample.timeMs)) continue;
    samples.push({ ...sample, values: sample.values.slice() });
    if (samples.length === learn.rows) break;
    if (samples.length % told === 0) {
      log.info({ streamId, rows: samples.length, of: learn.rows }, 'learning');
    }
  }
  signal.throwIfAborted();
  if (samples.length < learn.rows) {
    throw new CalibrationError(
      `stream '${streamId}' ended after ${samples.length} rows, learning needs ${learn.rows}: set learn.rows or name a model`,
    );
  }
  return seriesOf(source, samples, streamId);
}

/** In ascending time, as training needs it: late samples are put where they belong. */
function seriesOf(source: Source, samples: readonly Sample[], id: string): Series {
  const sorted = [...samples].sort((a, b) => a.timeMs - b.timeMs);
  const width = source.channels.length;
  const values = new Float64Array(sorted.length * width);
  for (const [row, sample] of sorted.entries()) values.set(sample.values, row * width);
  return {
    id,
    channels: source.channels,
    timeMs: Float64Array.from(sorted, (sample) => sample.timeMs),
    values,
  };
}
