// Trains one contestant on one labelled series, scores it as the daemon would, and judges the scores and the alerts.
import { KnownError } from '../core/errors.ts';
import { lookUp } from '../core/registry.ts';
import type { Threshold } from '../core/threshold.ts';
import { alertOptions } from '../detection/alerts/alert-options.ts';
import { createAlertPolicy } from '../detection/alerts/policy.ts';
import { detectors } from '../detection/detectors/index.ts';
import { thresholds } from '../detection/thresholds/index.ts';
import type { Kernels } from '../engine/discriminator-kernels.ts';
import { createRandom } from '../engine/random.ts';
import type { Model } from '../models/model.ts';
import type { Contestant } from './contestants.ts';
import type { LabelledSeries } from './labelled-series.ts';
import { type SeriesScores, scoreSeries } from './score-series.ts';
import type { Segment } from './segments.ts';
import type { TrainingProgress } from './trainer.ts';
import { trainers } from './training/index.ts';

export interface JudgeContext {
  readonly kernels: Kernels;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress?: (progress: TrainingProgress) => void;
}

/** What a contestant said of a series. */
export interface Performance extends SeriesScores {
  /** Undefined for a random score. */
  readonly model: Model | undefined;
  /** Undefined where scores cannot be deployed: random, looking ahead, or too few of them to set a level. */
  readonly deployed: Deployed | undefined;
  readonly trainS: number | undefined;
  /** Windowing, scoring, judging and alerting together. */
  readonly usPerRow: number | undefined;
}

/** What the daemon would have done with its default threshold and alert policy. */
export interface Deployed {
  /** (N,) rows above the level in force. */
  readonly anomalous: Uint8Array;
  /** (N,) the level in force. */
  readonly levels: Float64Array;
  /** Alerts in Unix milliseconds: [told of, closed). */
  readonly alerts: readonly Segment[];
}

/** Throws what the trainer throws: a series may be too short for a detector. */
export async function perform(
  contestant: Contestant,
  series: LabelledSeries,
  context: JudgeContext,
): Promise<Performance> {
  const { kind } = contestant;
  if (kind === undefined) return randomScores(series, context.seed);
  const { kernels, seed, signal, progress = () => undefined } = context;
  const trainer = lookUp(trainers, kind, 'detector');
  const startMs = performance.now();
  const model = await trainer.train(series.train, trainer.options.parse(contestant.options), {
    kernels,
    seed,
    intervalMs: series.intervalMs,
    progress,
    signal,
  });
  const trainedMs = performance.now();
  const { deployed, ...scored } = watch(series, model, kernels);
  const rows = series.test.timeMs.length;
  const usPerRow = ((performance.now() - trainedMs) * 1000) / rows;
  const times = { model, trainS: (trainedMs - startMs) / 1000, usPerRow };
  if (!contestant.looksAhead) return { ...scored, deployed, ...times };
  return { ...lookingAhead(scored, model.windowLength), deployed: undefined, ...times };
}

function watch(
  { test, train }: LabelledSeries,
  model: Model,
  kernels: Kernels,
): SeriesScores & { deployed: Deployed | undefined } {
  const detector = lookUp(detectors, model.kind, 'detector').load(model, kernels);
  const setup = { detector, model, warmUp: train };
  const threshold = fitted(model);
  if (!threshold) return { ...scoreSeries(test, setup), deployed: undefined };
  const { channels, scaler, id: modelId } = model;
  const policy = createAlertPolicy(alertOptions.parse({}), {
    streamId: test.id,
    channels,
    scaler,
    modelId,
  });
  const anomalous = new Uint8Array(test.timeMs.length);
  const levels = new Float64Array(test.timeMs.length);
  const told = new Map<string, Segment>();
  const note = (alert: ReturnType<typeof policy.step>): void => {
    if (!alert) return;
    const start = told.get(alert.id)?.start ?? alert.timeMs;
    told.set(alert.id, { start, end: alert.endMs ?? Number.POSITIVE_INFINITY });
  };
  const scores = scoreSeries(test, {
    ...setup,
    observe: (row, window, score) => {
      const verdict = threshold.judge(score.value);
      if (!verdict.anomalous) threshold.learn(score.value);
      anomalous[row] = verdict.anomalous ? 1 : 0;
      levels[row] = verdict.level;
      note(policy.step(window, score, verdict));
    },
  });
  note(policy.finish());
  return { ...scores, deployed: { anomalous, levels, alerts: [...told.values()] } };
}

/** The daemon's default threshold on the model's calibration; undefined where that does not suffice. */
function fitted(model: Model): Threshold | undefined {
  const plugin = lookUp(thresholds, 'pot', 'threshold');
  const threshold = plugin.create(plugin.options.parse({}), undefined);
  try {
    threshold.fit(model.calibration);
    return threshold;
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

/** Row i gets the mean of the scores of rows i .. i+T-1, whose windows cover it. */
function lookingAhead({ scores, perChannel }: SeriesScores, length: number): SeriesScores {
  const width = perChannel.length / scores.length;
  const spread = (
    values: Float64Array | Float32Array,
    cells: number,
    cell: number,
  ): Float64Array => {
    const rows = values.length / cells;
    const sums = new Float64Array(rows + 1);
    for (let row = 0; row < rows; row++) {
      sums[row + 1] = (sums[row] as number) + (values[row * cells + cell] as number);
    }
    return Float64Array.from({ length: rows }, (_, row) => {
      const end = Math.min(rows, row + length);
      return ((sums[end] as number) - (sums[row] as number)) / (end - row);
    });
  };
  const shares = new Float32Array(perChannel.length);
  for (let c = 0; c < width; c++) {
    spread(perChannel, width, c).forEach((value, row) => {
      shares[row * width + c] = value;
    });
  }
  return { scores: spread(scores, 1, 0), perChannel: shares };
}

function randomScores({ test }: LabelledSeries, seed: number): Performance {
  const random = createRandom(seed);
  const width = test.channels.length;
  const perChannel = Float32Array.from(test.values, () => random.uniform());
  const scores = Float64Array.from(test.timeMs, (_, row) =>
    perChannel.subarray(row * width, (row + 1) * width).reduce((sum, share) => sum + share, 0),
  );
  const nothing = { model: undefined, deployed: undefined, trainS: undefined, usPerRow: undefined };
  return { scores, perChannel, ...nothing };
}
