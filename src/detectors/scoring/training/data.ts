// Options and data of trainings that score by distances: the series on its grid, scaled, and split into a training part and
// held-back rows.
import { z } from 'zod';
import { CalibrationError } from '../../../core/errors.ts';
import type { Series } from '../../../core/series.ts';
import { type GriddedSeries, scaledRows } from '../../../detection/windows/gridded.ts';
import { fitScaler } from '../../../detection/windows/scaler.ts';
import type { Model, ScalerState } from '../../../models/model.ts';
import { type TrainingContext, trainingGrid } from '../../training/trainer.ts';
import { windowTable } from './window-table.ts';

/** Options for calibration and hold; every kind of detector that scores by distances includes them. */
export const scoringOptions = {
  holdHalfLife: z
    .number()
    .nonnegative()
    .default(1)
    .describe(
      'Half-life of a held score, in lengths of the longest window; 0 = scores are not held',
    )
    .meta({ unit: 'windows' }),
  holdWeight: z
    .number()
    .nonnegative()
    .default(1)
    .describe('Weight of the held score, added to the newest one'),
  heldBack: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.2)
    .describe(
      'Share at the end of the training data that sets the scale of scores and the alert level',
    ),
};

export type ScoringOptions = z.infer<z.ZodObject<typeof scoringOptions>>;

export interface TrainingData {
  /** Rows with counters as rates; `channels` are those of the source. */
  readonly series: GriddedSeries;
  readonly watched: Pick<Model, 'rates'>;
  readonly scaler: ScalerState;
  /** (N, C) scaled. */
  readonly rows: Float32Array;
  /** First row of the held-back tail. */
  readonly cut: number;
  /** Whether there are enough windows of this length for training and for calibration. */
  admits(length: number): boolean;
}

interface DataNeeds {
  /** Share of the rows that is held back. */
  readonly heldBack: number;
  /** T of the shortest window. */
  readonly shortest: number;
  /** Clip limit of scaled values; absent = the scaler's limit. */
  readonly clip?: number | undefined;
}

/** Least number of windows for training and for calibration. */
export const LEAST = { fitted: 50, heldBack: 20 };
/** Least number of non-overlapping windows in the training part; fewer do not cover the normal windows. */
const LEAST_SEPARATE = 4;

/** Throws `CalibrationError` if the series is too short for the shortest window. */
export function prepare(
  raw: Series,
  { heldBack, shortest, clip }: DataNeeds,
  context: Pick<TrainingContext, 'intervalMs' | 'counters'>,
): TrainingData {
  const { intervalMs } = context;
  const { grid: series, watched } = trainingGrid(raw, context);
  const count = series.timeMs.length;
  const cut = Math.floor(count * (1 - heldBack));
  if (cut < fittedRows(shortest) || count - cut < LEAST.heldBack) {
    throw new CalibrationError(
      `'${raw.id}' has ${count} rows of ${intervalMs} ms, training needs at least ${leastRows(shortest, heldBack)}: record longer`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  const scaler = fitScaler('standard', series, clip);
  const rows = scaledRows(series, scaler);
  const windows = (length: number, part: readonly [number, number]): number =>
    windowTable({ series, rows }, length, part).starts.length;
  return {
    series,
    watched,
    scaler,
    rows,
    cut,
    admits: (length) =>
      cut >= fittedRows(length) &&
      windows(length, [0, cut]) >= LEAST.fitted &&
      windows(length, [cut, count]) >= LEAST.heldBack,
  };
}

/** Fewest rows in all, with windows of `shortest` rows. */
export function leastRows(shortest: number, heldBack: number): number {
  return Math.ceil(Math.max(fittedRows(shortest) / (1 - heldBack), LEAST.heldBack / heldBack));
}

/** Least rows of the training part for windows of this length. */
function fittedRows(length: number): number {
  return Math.max(length + LEAST.fitted, LEAST_SEPARATE * length);
}

/** The view of recent rows has a half-life of T divided by this. */
const HALF_LIVES = 4;

/** Half-lives of the views of a window: the newest row, and the recent rows. */
export function halfLivesFor(length: number): number[] {
  return length === 1 ? [0] : [0, length / HALF_LIVES];
}
