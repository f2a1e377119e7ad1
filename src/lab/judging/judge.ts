// Trains one contestant on one labelled series, scores it as the daemon would, and judges the scores and the alerts.
import { lookUp } from '../../core/registry.ts';
import type { TrainingProgress } from '../../detectors/training/trainer.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import type { Model } from '../../models/model.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import type { ScoringSetup, SeriesScores } from '../series/score-series.ts';
import { trainers } from '../trainers.ts';
import type { Contestant } from './contestants.ts';
import { type Deployed, deploy } from './deployment.ts';

export interface JudgeContext {
  readonly kernels: Kernels;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress?: (progress: TrainingProgress) => void;
  readonly observe?: ScoringSetup['observe'];
  /** Gets the training and may return an earlier result of it instead. */
  readonly reuse?: (train: () => Promise<Trained>) => Promise<Trained>;
}

export interface Trained {
  readonly model: Model;
  /** CPU seconds of all threads. */
  readonly trainS: number;
}

/** Scores and alerts of a contestant on a series. */
export interface Performance extends SeriesScores {
  /** Undefined for a random score. */
  readonly model: Model | undefined;
  /** Undefined where scores cannot be deployed: random, looking ahead, or too few of them to set a level. */
  readonly deployed: Deployed | undefined;
  /** CPU seconds of all threads, like the next: other processes hardly affect them. */
  readonly trainS: Trained['trainS'] | undefined;
  /** Windowing, scoring, judging and alerting together. */
  readonly usPerRow: number | undefined;
}

/** Throws the errors of the trainer, e.g. if a series is too short for a detector. */
export async function perform(
  contestant: Contestant,
  series: LabelledSeries,
  context: JudgeContext,
): Promise<Performance> {
  const { kind } = contestant;
  if (kind === undefined) return randomScores(series, context.seed);
  const { kernels, observe, reuse = (train) => train() } = context;
  const { model, trainS } = await reuse(() => train(kind, contestant.options, series, context));
  const trained = process.cpuUsage();
  const { deployed, ...scored } = deploy(series, model, kernels, observe ? { observe } : {});
  const rows = series.test.timeMs.length;
  const times = { model, trainS, usPerRow: (secondsSince(trained) * 1e6) / rows };
  if (!contestant.looksAhead) return { ...scored, deployed, ...times };
  return { ...lookingAhead(scored, model.windowLength), deployed: undefined, ...times };
}

async function train(
  kind: string,
  options: Contestant['options'],
  { train: rows, intervalMs }: LabelledSeries,
  { kernels, seed, signal, progress = () => undefined }: JudgeContext,
): Promise<Trained> {
  const trainer = lookUp(trainers, kind, 'detector');
  const start = process.cpuUsage();
  const setup = { kernels, seed, intervalMs, progress, signal };
  const model = await trainer.train(rows, trainer.options.parse(options), setup);
  return { model, trainS: secondsSince(start) };
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
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
