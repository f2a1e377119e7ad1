// What a detector said of the test part of a series: found once, and played to each variant of the decision.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, settingsKey } from '../../src/app/evaluate/job.ts';
import { keptModel } from '../../src/app/evaluate/kept-models.ts';
import { alertScore } from '../../src/core/detector.ts';
import type { Agreement } from '../../src/detection/alerts/agreement.ts';
import { detectors } from '../../src/detectors/index.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { contestantOf } from '../../src/lab/judging/contestants.ts';
import { type JudgeContext, perform } from '../../src/lab/judging/judge.ts';
import { hindsightCaught } from '../../src/lab/judging/result-of.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';

/** Plain data that survive JSON. Entries of the lists are scored windows in order. */
export interface Scores {
  /** Whether they are logarithms. */
  readonly logarithmic: boolean;
  /** Of the model. */
  readonly calibration: readonly number[];
  /** Row of the test part with which the window was full. */
  readonly rows: readonly number[];
  readonly endMs: readonly number[];
  /** Of the newest row, on which alerts are decided. */
  readonly newest: readonly number[];
  /** With what is held of earlier rows. */
  readonly held: readonly number[];
  /** Of the channels of the newest row, with what is usual at the default. */
  readonly agreements: readonly Agreement[];
  /** undefined = the calibration does not suffice to set a level. */
  readonly hindsightCaught?: number | undefined;
}

export type ScoreJob = Pick<Job, 'folder' | 'dataset' | 'series' | 'detector' | 'models'> & {
  readonly seed: number;
};

/** As `sentigon evaluate` has it, so that the models that it kept are found. */
const evaluated = ({ seed, ...asked }: ScoreJob): Job => ({
  ...{ ...asked, seeds: [seed], tolerance: 100 },
});

/** A model that `sentigon evaluate --models` kept, or that is then kept there. */
export const keptFor = (job: ScoreJob, truth: LabelledSeries): Reuse =>
  keptModel(evaluated(job), job.seed, truth).reuse;

/** Of the files of `cachedScores`: other numbers are not read. */
const FORMAT = 2;

type Reuse = NonNullable<JudgeContext['reuse']>;

/** Trains the detector and scores the test part, both as `sentigon evaluate` does. Throws what the trainer throws. */
export async function scoresOf(
  { detector, seed }: Pick<ScoreJob, 'detector' | 'seed'>,
  truth: LabelledSeries,
  kernels: Kernels,
  reuse: Reuse = (train) => train(),
): Promise<Scores> {
  const rows: number[] = [];
  const endMs: number[] = [];
  const newest: number[] = [];
  const held: number[] = [];
  const agreements: Agreement[] = [];
  const { model, deployed } = await perform(contestantOf(detector), truth, {
    ...{ kernels, seed, signal: new AbortController().signal, reuse },
    observe(row, window, score, agreement) {
      rows.push(row);
      agreements.push(agreement());
      endMs.push(window.endMs);
      newest.push(alertScore(score).value);
      held.push(score.value);
    },
  });
  return {
    logarithmic: detectors.get(model?.kind ?? '')?.logarithmic ?? false,
    ...{ calibration: [...(model?.calibration ?? [])], rows, endMs, newest, held, agreements },
    hindsightCaught: deployed && hindsightCaught(truth, deployed.alertScores),
  };
}

/** The same from a file of the folder, if one of these settings and data is there; else it is written. */
export async function cachedScores(
  folder: string,
  job: ScoreJob,
  truth: LabelledSeries,
  kernels: Kernels,
): Promise<Scores> {
  const { dataset, series, detector, seed } = job;
  const key = settingsKey(evaluated(job), truth).slice(0, 16);
  const name = [dataset, series, detector, seed, key, FORMAT]
    .join('-')
    .replaceAll(/[^\w.-]+/g, '_');
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Scores; // our own file
  const scores = await scoresOf(job, truth, kernels, keptFor(job, truth));
  mkdirSync(folder, { recursive: true });
  // Under another name first: a run that is stopped leaves no half file.
  writeFileSync(`${path}.part`, JSON.stringify(scores));
  renameSync(`${path}.part`, path);
  return scores;
}
